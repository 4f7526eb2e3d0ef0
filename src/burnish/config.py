"""One configuration file: what profiles hold, and which hooks run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml

from burnish.attributes import fragment as attributes
from burnish.attributes.faults import Fault
from burnish.hooks import fragment as hooks
from burnish.hooks.check import check
from burnish.hooks.hook import Hook
from burnish.hooks.script import Script

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Config:
    """What a file says. A section it does not have is None, and changes nothing.

    `hooks` are those of the section `hook`, with their scripts.
    """

    user_profile: attributes.UserProfile | None
    hook: hooks.Hooks | None
    hooks: tuple[Hook, ...]


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
    content = _load(path)
    if isinstance(content, list):
        return content
    faults: list[Fault] = []
    profile = _section(content, "user_profile", attributes.parse)
    section = _section(content, "hook", hooks.parse)
    found: list[Hook] = []
    if isinstance(section, hooks.Hooks):
        found, missing = hooks.load(section, path.parent)
        faults += missing
    faults += profile if isinstance(profile, list) else []
    faults += section if isinstance(section, list) else []
    if faults or isinstance(profile, list) or isinstance(section, list):
        return faults
    return Config(profile, section, tuple(found))


def write(content: Mapping[str, Any]) -> str:
    """Return a file's text, which `read` understands; its keys keep their order."""
    text: str = yaml.dump(
        dict(content),
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None,
        width=100,
    )
    return text


class _Dumper(yaml.SafeDumper):
    """Writes texts with odd line ends in quotes, where YAML keeps them as they are."""

    def quoted_if_odd(self, text: str) -> yaml.ScalarNode:
        style = None if text.isprintable() else '"'
        return self.represent_scalar("tag:yaml.org,2002:str", text, style)


_Dumper.add_representer(str, _Dumper.quoted_if_odd)


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


def _section(
    content: Mapping[str, Any], name: str, parse: Callable[[Any], T | list[Fault]]
) -> T | list[Fault] | None:
    return None if content.get(name) is None else parse(content[name])


def _load(path: Path) -> dict[str, Any] | list[Fault]:
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return [Fault(str(path), "there is no such file, or it cannot be read as text")]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        return [Fault(place, getattr(error, "problem", None) or "is not YAML")]
    except (ValueError, RecursionError) as error:
        return [Fault(str(path), f"is not YAML that can be read: {error}")]
    if content is None:
        return {}
    if not isinstance(content, dict):
        return [Fault(str(path), "must hold names and values, such as user_profile: {...}")]
    return content
