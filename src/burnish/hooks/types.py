"""The type names a script may use, as a file editors can be given."""

from burnish.hooks.check import EXPORTED
from burnish.hooks.deno_command import DENO_SOURCES


def declarations() -> str:
    """Return `burnish.d.ts`: every type name, known without an import."""
    types = (DENO_SOURCES / "types.d.ts").read_text("utf-8")
    names = EXPORTED.findall(types)
    listed = "\n".join(f"  type {name} = Burnish.{name};" for name in names)
    inner = "\n".join(f"  {line}" if line else "" for line in types.splitlines())
    return (
        "// Type names for Burnish's hook scripts. Put this file beside them.\n\n"
        f"declare namespace Burnish {{\n{inner}\n}}\n\n{listed.replace('  type', 'type')}\n"
    )
