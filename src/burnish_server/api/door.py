"""The API as a whole: version 1."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from burnish import __version__
from burnish_server.api import docs, enrichment, exports, imports, problems, questions, roles
from burnish_server.api.body import Body
from burnish_server.api.call import Settled
from burnish_server.api.description import Door
from burnish_server.api.guard import guard
from burnish_server.api.settled import SETTLED
from burnish_server.api.users import routers as of_users


def _settled(request: HttpRequest, known: Any) -> HttpResponse:
    return known.response


door = Door(
    title="Burnish Admin API",
    version=__version__,
    description=(
        "Users and their profiles, and everything a project settles, for programs. "
        "Whatever goes wrong is a problem (RFC 9457) with a stable `code`."
    ),
    urls_namespace="api",
    docs=docs.Page(),
    docs_url="/docs",
    parser=Body(),
)
problems.install(door)
door.add_exception_handler(Settled, _settled)
door.add_decorator(guard, mode="view")
for router in of_users.ROUTERS:
    door.add_router("", router)
door.add_router("", roles.router)
door.add_router("", enrichment.router)
door.add_router("", imports.router)
door.add_router("", exports.router)
door.add_router("", questions.router)
for settled in SETTLED:
    door.add_router("", settled)
