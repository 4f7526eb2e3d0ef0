"""Stands in for Acme, for tests and for trying things out without a key."""

from aiohttp import web

from burnish.sandbox import Vendor
from burnish.sandbox.authorization import bearer

COMPANIES = {
    "nordlake.example": {"name": "Nordlake AB", "headcount": "51-200"},
    "quiet.example": {"name": None, "headcount": ""},
}


async def company(request: web.Request) -> web.Response:
    if not bearer(request):
        return problem(request, 401)
    found = COMPANIES.get(request.match_info["domain"])
    return web.json_response({"company": found}) if found else problem(request, 404)


def problem(_request: web.Request, status: int) -> web.Response:
    return web.json_response({"error": {"status": status}}, status=status)


VENDOR = Vendor(
    name="acme",
    origins=("https://api.acme.example",),
    routes=(web.get("/v1/companies/{domain}", company),),
    key=bearer,
    problem=problem,
)
