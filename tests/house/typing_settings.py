"""Settings for the type checker, which reads models but opens no database and no key file."""

import os

os.environ.setdefault("DATABASE_URL", "postgresql:///burnish")
os.environ.setdefault("BURNISH_SECRET_KEY", "only-for-the-type-checker")

from burnish_server.project.settings import *  # noqa: F403 - the environment comes first
