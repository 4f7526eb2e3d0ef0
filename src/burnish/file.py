"""Reading and writing YAML files of names and values."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from burnish.attributes.faults import Fault


def load(path: Path) -> dict[str, Any] | list[Fault]:
    """Return what a file holds, or what is wrong with it and where."""
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


def write(content: Mapping[str, Any]) -> str:
    """Return a file's text, which `load` understands; its keys keep their order."""
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
