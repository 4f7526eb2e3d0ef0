"""One configuration file: what profiles hold, which hooks run, who fills in, what is asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from burnish import file
from burnish.attributes import fragment as attributes
from burnish.attributes.faults import Fault
from burnish.consent.fragment import Consent
from burnish.consent.fragment import parse as parse_consent
from burnish.enrichment.fragment import Enrichment
from burnish.enrichment.fragment import parse as parse_enrichment
from burnish.hooks import fragment as hooks
from burnish.hooks.check import check
from burnish.hooks.hook import Hook
from burnish.hooks.script import Script
from burnish.oauth.fragment import OAuth
from burnish.oauth.fragment import parse as parse_oauth
from burnish.questions.fragment import Questions
from burnish.questions.fragment import parse as parse_questions
from burnish.roles.fragment import Group, Role, parse_groups, parse_roles
from burnish.segments.rule import Rules
from burnish.segments.rule import parse as parse_segments

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Config:
    """What a file says. A section it does not have is None, and changes nothing.

    `hooks` are those of the section `hook`, with their scripts.
    """

    user_profile: attributes.UserProfile | None
    hook: hooks.Hooks | None
    hooks: tuple[Hook, ...]
    consent: Consent | None = None
    enrichment: Enrichment | None = None
    segments: Rules | None = None
    questions: Questions | None = None
    oauth: OAuth | None = None
    roles: tuple[Role, ...] | None = None
    groups: tuple[Group, ...] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What applying a file would change, a line each.

    `faults` say why it cannot be applied, `losses` which values would be lost. `kept` are those
    things the file does not name, which stay as they are.
    """

    lines: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    losses: tuple[Fault, ...] = ()
    kept: tuple[str, ...] = ()

    def __add__(self, other: "Plan") -> "Plan":
        return Plan(
            self.lines + other.lines,
            self.faults + other.faults,
            self.losses + other.losses,
            self.kept + other.kept,
        )


def read(path: Path) -> Config | list[Fault]:
    """Return what the file says, or what is wrong with it, all of it at once.

    Other top-level keys are settings of the service, which reads them when it starts.
    """
    content = file.load(path)
    if isinstance(content, list):
        return content
    faults: list[Fault] = []

    def section(name: str, parse: Callable[[Any], T | list[Fault]]) -> T | None:
        if content.get(name) is None:
            return None
        parsed = parse(content[name])
        if isinstance(parsed, list):
            faults.extend(parsed)
            return None
        return parsed

    profile = section("user_profile", attributes.parse)
    hook = section("hook", hooks.parse)
    purposes = section("consent", parse_consent)
    enriching = section("enrichment", parse_enrichment)
    segments = section("segments", parse_segments)
    questions = section("questions", parse_questions)
    apps = section("oauth", parse_oauth)
    roles = section("roles", parse_roles)
    groups = section("groups", parse_groups)
    found: list[Hook] = []
    if hook is not None:
        found, missing = hooks.load(hook, path.parent)
        faults += missing
    return faults or Config(
        profile,
        hook,
        tuple(found),
        purposes,
        enriching,
        segments,
        questions,
        apps,
        roles,
        groups,
    )


def in_order(present: Sequence[str], given: Sequence[str]) -> list[str]:
    """Return what is there in the order a file gives; what it does not name keeps its place.

    New ones stand behind the one they follow in the file, or at the end.
    """
    known = [name for name in given if name in present]
    moved = iter(known)
    order = [next(moved) if name in given else name for name in present]
    for place, name in enumerate(given):
        if name not in present:
            leader = order.index(given[place - 1]) + 1 if place else None
            follower = order.index(known[0]) if known else len(order)
            order.insert(follower if leader is None else leader, name)
    return order


async def check_scripts(config: Config) -> tuple[list[Fault], list[Fault]]:
    """Return what stops the scripts from running, and what merely looks wrong in them."""
    errors: list[Fault] = []
    warnings: list[Fault] = []
    for script in (hook.target for hook in config.hooks if isinstance(hook.target, Script)):
        for problem in await check(script):
            fault = Fault(f"{script.name}:{problem.line}:{problem.column}", problem.message)
            (errors if problem.severity == "error" else warnings).append(fault)
    return errors, warnings
