"""The service as a WSGI application, warm when it is imported."""

import gc
import os
from contextlib import suppress
from threading import Thread

from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError

from burnish_server.project.bodies import ReadToTheEnd

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "burnish_server.project.settings")

application = ReadToTheEnd(get_wsgi_application())

# Tables can be imported once Django is set up.
from burnish_server import engine  # noqa: E402
from burnish_server.enrichment import asking  # noqa: E402


def warm() -> None:
    """Make the first sign-up find a warm script runtime, and providers that have their tables."""
    engine.current()
    with suppress(DatabaseError):
        asking.warm()


# No page waits for it.
Thread(target=warm, name="warming", daemon=True).start()

# What is loaded by now stays: the collector need not look through it again and again.
gc.collect()
gc.freeze()

# The server copies the environment into every request, and children inherit it: the settings
# are read by now, so secrets need not travel on.
for name in ("DATABASE_URL", "BURNISH_SECRET_KEY", "BURNISH_MAIL_URL"):
    os.environ.pop(name, None)
