"""What hooks make of a token's payload: claims can be added, never changed or removed."""

from collections.abc import Mapping
from typing import Any

from burnish.attributes.value import same
from burnish.hooks.trouble import Trouble


def refusal(original: Mapping[str, Any], mutated: Mapping[str, Any]) -> Trouble | None:
    """Return why a payload cannot stand in the original's place, if it cannot."""
    removed = sorted(name for name in original if name not in mutated)
    changed = sorted(
        name for name in original if name in mutated and not same(original[name], mutated[name])
    )
    if not removed and not changed:
        return None
    words = [*(f"{name} is gone" for name in removed), *(f"{name} differs" for name in changed)]
    message = f"a hook may add claims, and leaves all others as they are: {', '.join(words)}"
    info = {"removed": removed, "changed": changed}
    return Trouble("Invalid", "InvalidJWTMutations", 400, message, info=info)
