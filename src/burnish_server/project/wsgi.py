"""The service as a WSGI application, warm when it is imported."""

import gc
import os
from threading import Thread

from django.core.wsgi import get_wsgi_application

from burnish_server import engine

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "burnish_server.project.settings")

application = get_wsgi_application()

# The first sign-up finds a warm script runtime, and no page waits for it to start.
Thread(target=engine.current, name="engine-start", daemon=True).start()

# What is loaded by now stays: the collector need not look through it again and again.
gc.collect()
gc.freeze()

# The server copies the environment into every request, and children inherit it: the settings
# are read by now, so secrets need not travel on.
for name in ("DATABASE_URL", "BURNISH_SECRET_KEY", "BURNISH_MAIL_URL"):
    os.environ.pop(name, None)
