"""Where Deno is, and how it is started for a script."""

import shutil
import sys
from importlib import import_module, util
from pathlib import Path

from burnish.errors import DenoMissing, RuntimeUnavailable
from burnish.hooks import launch
from burnish.outbound import REFUSED_IPV4, Outbound

DENO_SOURCES = Path(__file__).parent / "deno"

# The loopback and unspecified addresses are named besides, so that a script is told the truth.
REFUSED = (*REFUSED_IPV4, "[::]", "[::1]")


def find_deno() -> str:
    """Return the path of the Deno executable: of the `deno` package, or else on the PATH.

    Raises `DenoMissing`.
    """
    wheel = util.find_spec("deno")
    try:
        # Without its wheel Burnish still runs with another Deno, so nothing is imported above.
        found = import_module("deno").find_deno_bin() if wheel else shutil.which("deno")
    except FileNotFoundError:
        found = shutil.which("deno")
    if found is None:
        raise DenoMissing
    return str(found)


def host_command(deno: str, outbound: Outbound, memory_mb: int) -> list[str]:
    """Return the command that starts a host with a worker in it.

    Raises `RuntimeUnavailable` on systems where scripts cannot be kept off private addresses.
    """
    if not launch.can_refuse():
        raise RuntimeUnavailable(
            "Scripts can be kept in their bounds only by Linux on x86_64 or aarch64; use such a "
            "machine."
        )
    everything = outbound.allows_all_private
    return [
        *(sys.executable, "-I", "-S", launch.__file__, "private" if everything else "public"),
        *(deno, "run", "--quiet", "--no-prompt", "--no-config", "--no-lock", "--no-remote"),
        *("--no-npm", "--cached-only", "--unstable-worker-options", "--allow-net"),
        *(() if everything else (f"--deny-net={','.join(REFUSED)}",)),
        f"--allow-read={DENO_SOURCES}",
        f"--v8-flags=--max-old-space-size={memory_mb}",
        str(DENO_SOURCES / "host.ts"),
    ]


def environment(cache: str) -> dict[str, str]:
    """Return the environment Deno gets: nothing of ours, and a cache folder of its own."""
    return {"DENO_DIR": cache, "DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1", "HOME": cache}
