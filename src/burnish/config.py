"""One configuration file: what profiles hold, and which hooks run."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from burnish.attributes import fragment as attributes
from burnish.attributes.faults import Fault
from burnish.hooks import fragment as hooks
from burnish.hooks.check import check
from burnish.hooks.hook import Hook, TimeLimits


@dataclass(frozen=True, slots=True)
class Config:
    """What a file says. A section it does not have is None, and changes nothing."""

    user_profile: attributes.UserProfile | None
    limits: TimeLimits | None
    hooks: tuple[Hook, ...]


def read(path: Path) -> Config | list[Fault]:
    """Return what the file says, or what is wrong with it, all of it at once.

    Other top-level keys are settings of the service, which reads them when it starts.
    """
    content = _load(path)
    if isinstance(content, list):
        return content
    faults: list[Fault] = []
    profile = attributes.parse(content["user_profile"]) if content.get("user_profile") else None
    section = hooks.parse(content["hook"]) if content.get("hook") else None
    found: list[Hook] = []
    if isinstance(section, hooks.Hooks):
        found, missing = hooks.load(section, path.parent)
        faults += missing
    faults += profile if isinstance(profile, list) else []
    faults += section if isinstance(section, list) else []
    if faults or isinstance(profile, list) or isinstance(section, list):
        return faults
    return Config(profile, section.limits() if section else None, tuple(found))


async def check_scripts(config: Config) -> tuple[list[Fault], list[Fault]]:
    """Return what stops the scripts from running, and what merely looks wrong in them."""
    errors: list[Fault] = []
    warnings: list[Fault] = []
    for hook in config.hooks:
        for problem in await check(hook.as_script()):
            fault = Fault(
                f"{hook.as_script().name}:{problem.line}:{problem.column}", problem.message
            )
            (errors if problem.severity == "error" else warnings).append(fault)
    return errors, warnings


def _load(path: Path) -> dict[str, Any] | list[Fault]:
    try:
        content = yaml.safe_load(path.read_text())
    except (OSError, UnicodeDecodeError):
        return [Fault(str(path), "there is no such file, or it cannot be read as text")]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        return [Fault(place, getattr(error, "problem", None) or "is not YAML")]
    if content is None:
        return {}
    if not isinstance(content, dict):
        return [Fault(str(path), "must hold names and values, such as user_profile: {...}")]
    return content
