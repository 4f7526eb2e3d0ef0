"""Packages from outside as pip leaves them: the example's, and one broken in every way."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples/provider"

BROKEN = """
import asyncio, sys, time
from decimal import Decimal
from httpx import Request
from burnish.enrichment import reading
from burnish.enrichment.outcome import Failed, Found, Pending
from burnish.enrichment.provider import LocalProvider, Provider, Terms


class Good(Provider):
    key = "good"
    needs = frozenset({"company_domain"})
    gives = frozenset({"company_name"})

    def ask(self, known):
        return Request("GET", f"https://api.acme.example/v1/companies/{known['company_domain']}",
                       headers={"Authorization": "Bearer k"})

    def read(self, reply):
        return Found({"company_name": "from outside"})


def of(key, **parts):
    return type(key, (Good,), {"key": key, "__module__": __name__, **parts})


def raises(*_):
    raise RuntimeError("very-secret-value")


def says(answer):
    return lambda self, reply: answer


async def hangs(self, known, send):
    await asyncio.sleep(600)


def sleeps(*_):
    time.sleep(600)


class Local(LocalProvider):
    key = "local_liar"
    needs = frozenset({"company_domain"})
    gives = frozenset({"company_name"})

    def look(self, known):
        return {"company_name": "a bare dict"}


BreaksPlan = of("breaks_plan", lacks=raises)
NotOne = dict
Number = 7
WrongKey = of("wrong key")
Lists = of("lists", gives=["company_name"])
Floats = of("floats", price=0.02)
Untermed = of("untermed", terms="free")
Twice = of("ipinfo")

RaisesInInit = of("raises_in_init", __init__=raises)
LiesInInit = of("lies_in_init", __init__=lambda self, settings=None, name="":
    (Provider.__init__(self, settings, name), setattr(self, "gives", ["company_name"]))[0])
RaisesInAsk = of("raises_in_ask", ask=raises)
ExitsInAsk = of("exits_in_ask", ask=lambda *_: sys.exit(3))
RaisesInRead = of("raises_in_read", read=raises)
RaisesInSends = of("raises_in_sends", sends=raises)
RaisesInVariant = of("raises_in_variant", variant=property(raises))
AsksNothing = of("asks_nothing", ask=lambda *_: "https://api.acme.example/")
ReadsNothing = of("reads_nothing", read=says(None))
ReadsObjects = of("reads_objects", read=says(Found({"company_name": object()})))
ReadsNul = of("reads_nul", read=says(Found({"company_name": "x\\0"})))
ReadsHalves = of("reads_halves", read=says(Found({"company_name": ["\\ud83d"]})))
ReadsHugeNumbers = of("reads_huge_numbers", read=says(Found({"company_name": 10**400})))
RecordsNul = of("records_nul", read=says(Found({"company_name": "x"}, record="\\0")))
ReadsNumbers = of("reads_numbers", read=says(Found({7: "x"})))
ReadsNoMapping = of("reads_no_mapping", read=says(Found(["company_name"])))
Oversure = of("oversure", read=says(Found({"company_name": "x"}, confidence=7)))
Unsure = of("unsure", read=says(Found({"company_name": "x"}, confidence="high")))
LongReason = of("long_reason", read=says(Failed("x" * 500)))
ForEver = of("for_ever", read=says(Pending(float("inf"))))
Hangs = of("hangs", answer=hangs)
SleepsInAsk = of("sleeps_in_ask", ask=sleeps)
SleepsInRead = of("sleeps_in_read", read=sleeps)
"""

LEFT_OUT = "not_one number wrong_key lists floats untermed twice".split()
UNMADE = "raises_in_init lies_in_init".split()
MOODS = {
    "raises_in_ask": "broken",
    "exits_in_ask": "broken",
    "raises_in_read": "broken",
    "raises_in_sends": "broken",
    "raises_in_variant": "broken",
    "asks_nothing": "broken",
    "reads_nothing": "bad_answer",
    "reads_objects": "bad_answer",
    "reads_nul": "bad_answer",
    "reads_halves": "bad_answer",
    "reads_huge_numbers": "bad_answer",
    "records_nul": "bad_answer",
    "reads_numbers": "bad_answer",
    "reads_no_mapping": "bad_answer",
    "oversure": "bad_answer",
    "unsure": "bad_answer",
    "long_reason": "bad_answer",
    "for_ever": "bad_answer",
    "hangs": "timeout",
    "sleeps_in_ask": "timeout",
    "sleeps_in_read": "timeout",
    "local_liar": "bad_answer",
}


def install(target: Path) -> None:
    """Install the example with pip, which asks nobody on the network."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    words = ["install", "--no-index", "--no-deps", "--no-build-isolation", "--target", str(target)]
    done = subprocess.run([*pip, *words, str(EXAMPLE)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def install_broken(target: Path) -> None:
    """Lay a package down in which nothing is as it should be."""
    names = {"".join(part.title() for part in key.split("_")): key for key in [*UNMADE, *MOODS]}
    names |= {"NotOne": "not_one", "Number": "number", "WrongKey": "wrong_key", "Lists": "lists"}
    names |= {"Floats": "floats", "Untermed": "untermed", "Twice": "twice"}
    names["Local"] = names.pop("LocalLiar")
    names["BreaksPlan"] = "breaks_plan"
    entries = [f"{key} = broken:{name}" for name, key in names.items()]
    entries += ["no_module = broken_nowhere:X", "no_name = broken:Nowhere"]
    entries += ["at_import = broken_at_import:X", "exits = broken_exits:X"]
    (target / "broken.py").write_text(BROKEN)
    (target / "broken_at_import.py").write_text("raise RuntimeError('no')")
    (target / "broken_exits.py").write_text("import sys\nsys.exit(3)")
    info = target / "broken-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[burnish.providers]\n" + "\n".join(entries) + "\n")


def python(target: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the packages in its path."""
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("BURNISH_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, *words],
        env={**keep, "PYTHONPATH": str(target)},
        capture_output=True,
        text=True,
        timeout=120,
    )
