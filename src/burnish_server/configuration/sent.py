"""A configuration file that was sent, with its scripts, read as one that lies in a folder."""

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from burnish import config
from burnish.attributes.faults import Fault
from burnish.config import Config

FILE = "burnish.yaml"


def read(text: str, scripts: Mapping[str, str]) -> Config | list[Fault]:
    """Return what the file says, or all that is wrong with it.

    `scripts` are by the path they have beside the file, such as `deno/geo.ts`.
    """
    if outside := [path for path in scripts if not _is_beside(path)]:
        return [Fault(path[:100], "must be a path such as deno/geo.ts") for path in outside]
    with tempfile.TemporaryDirectory(prefix="burnish-config-") as folder:
        room = Path(folder)
        for path, script in {FILE: text, **scripts}.items():
            (room / path).parent.mkdir(exist_ok=True)
            (room / path).write_text(script, encoding="utf-8", errors="replace", newline="")
        found = config.read(room / FILE)
        if isinstance(found, Config):
            return found
        return [
            replace(
                fault,
                path=fault.path.replace(f"{folder}/", ""),
                message=fault.message.replace(f"{folder}/", ""),
            )
            for fault in found
        ]


def _is_beside(path: str) -> bool:
    folder, _, name = path.partition("/")
    stem = name.removesuffix(".ts")
    return folder == "deno" and name != stem and stem.replace(".", "").isalnum() and len(name) < 100
