"""The API as a whole: version 1."""

from ninja import NinjaAPI

from burnish import __version__
from burnish_server.api import enrichment, problems, questions
from burnish_server.api.body import Body

# Its documentation page would load scripts from elsewhere.
door = NinjaAPI(
    title="Burnish Admin API",
    version=__version__,
    urls_namespace="api",
    docs_url=None,
    parser=Body(),
)
problems.install(door)
door.add_router("", enrichment.router)
door.add_router("", questions.router)
