"""The reference of all events, written from their classes: `python -m burnish.events.reference`."""

import inspect
import json
import sys

from burnish.events.catalogue import CATALOGUE
from burnish.events.samples import sample

_HEAD = """\
# Events

Written from the events' classes by `make docs`; do not edit. Every envelope has `id`, `seq`,
`type`, `payload` and `context`; below are the payloads, with made-up values.
"""

_CONTEXT = """\
## The context

```json
{context}
```

`client_id`, `oauth`, `ip_address`, `user_agent`, `app_id` and `tracking_id` are left out when
empty; `triggered_by` is `user`, `admin_api`, `portal` or `system`.
"""


def reference() -> str:
    """Return the page, as Markdown."""
    first = sample(next(iter(CATALOGUE)))
    parts = [_HEAD, _CONTEXT.format(context=_json(first["context"]))]
    for type, event in CATALOGUE.items():
        may = ", ".join(f"`{name}`" for name in sorted(event.may_return))
        kind = f"Blocking; may return {may}." if event.blocking else "Told after it happened."
        doc = inspect.cleandoc(event.__doc__ or "")
        parts.append(
            f"## {type}\n\n{doc}\n\n{kind}\n\n```json\n{_json(sample(type)['payload'])}\n```\n"
        )
    return "\n".join(parts)


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


if __name__ == "__main__":
    sys.stdout.write(reference())
