"""The house guards itself."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = sorted(p for p in ROOT.glob("src/*/**/__init__.py") if "migrations" not in p.parts)
MODULES = sorted(p for p in ROOT.glob("src/*/**/*.py") if "migrations" not in p.parts)


@pytest.mark.parametrize("room", ROOMS, ids=lambda path: str(path.parent.relative_to(ROOT)))
def test_every_room_says_what_it_is_for(room: Path) -> None:
    assert ast.get_docstring(ast.parse(room.read_text()))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is(module: Path) -> None:
    assert ast.get_docstring(ast.parse(module.read_text()))


def test_nothing_is_named_after_an_attic() -> None:
    attics = {"utils", "helpers", "common", "misc", "manager"}

    assert [path for path in MODULES if {path.stem, path.parent.name} & attics] == []


def test_rooms_import_only_the_rooms_below_them() -> None:
    checked = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("lock", sorted(ROOT.glob("requirements/*.txt")), ids=lambda p: p.name)
def test_lock_files_pin_by_hash_and_carry_no_addresses(lock: Path) -> None:
    text = lock.read_text()

    assert "://" not in text
    assert re.search(r"^--?(index|extra|find|trusted)", text, re.MULTILINE) is None
    pins = re.findall(r"^[a-z0-9][^ ]*==[^ ]+.*$(?:\n    .*)*", text, re.MULTILINE)
    assert len(pins) > 3
    assert [pin for pin in pins if "--hash=sha256:" not in pin] == []


def test_every_make_target_explains_itself() -> None:
    makefile = (ROOT / "Makefile").read_text()

    targets = set(re.findall(r"^\.PHONY: (\S+)$", makefile, re.MULTILINE))

    assert targets == set(re.findall(r"^([a-z-]+):.* ## .+$", makefile, re.MULTILINE))
