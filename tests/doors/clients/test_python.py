"""`burnish.client` does at a running service what it says, in both its faces."""

import asyncio
import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.doors.clients.conftest import beside
from tests.journeys.conftest import Service

from burnish.client import AsyncBurnish, Burnish, Changed, Conflict, Invalid, NotFound, Unauthorized
from burnish.client.answers.profiles import Profile
from burnish.client.answers.users import User


@pytest.fixture(scope="module")
def client(service: Service, api_key: str) -> Iterator[Burnish]:
    with Burnish(service.url, api_key) as client:
        yield client


class Busy(httpx.AsyncBaseTransport):
    """A door before the service that turns every request away the first time."""

    def __init__(self) -> None:
        self.turned_away = 0
        self._inside = httpx.AsyncHTTPTransport()
        self._known: set[tuple[str, str]] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        asked = (request.method, str(request.url))
        if asked in self._known:
            return await self._inside.handle_async_request(request)
        self._known.add(asked)
        self.turned_away += 1
        return httpx.Response(429, headers={"Retry-After": "0"})

    async def aclose(self) -> None:
        await self._inside.aclose()


def test_a_user_s_life(client: Burnish) -> None:
    client.roles.create("reader", name="Reader")
    client.groups.create("staff", roles=["reader"])

    eva = client.users.create(email="eva@nordlake.example", groups=["staff"])
    name = client.identities.add(eva.id, "username", "eva.l")
    closed = client.users.disable(eva.id, "Asked us to")
    client.users.enable(eva.id)

    assert eva.custom_attributes["city"] == "Lyon"
    assert client.users.memberships(eva.id).effective_roles == ("reader",)
    assert closed.is_disabled
    assert closed.disable_reason == "Asked us to"
    assert client.users.list(username="eva.l").first() == client.users.get(eva.id)
    client.identities.change(eva.id, name.id, value="eva.lyon")
    keys = [one.key for one in client.identities.list(eva.id)]
    assert keys == ["email", "username"]
    client.identities.remove(eva.id, client.identities.list(eva.id)[1].id)
    assert client.users.sessions(eva.id) == ()
    assert client.users.end_sessions(eva.id) == 0
    assert client.users.schedule_deletion(eva.id, "Moved").delete_at
    assert client.users.cancel_deletion(eva.id).delete_at is None
    client.users.delete(eva.id, "Moved")
    with pytest.raises(NotFound) as gone:
        client.users.get(eva.id)
    assert gone.value.code == "user_not_found"
    leo = client.users.create(username="leo")
    assert client.users.anonymize(leo.id).is_anonymized


def test_a_profile_s_values_are_changed_and_explained(client: Burnish) -> None:
    ivo = client.users.create(email="ivo@nordlake.example")

    client.profiles.patch(ivo.id, custom_attributes={"city": "Nice"}, locked=["city"])
    why = client.profiles.explain(ivo.id, "city")

    assert why.value == "Nice"
    assert why.facts[0].locked
    assert client.profiles.facts(ivo.id)["city"] == why.facts or why.facts[0].effective
    assert {said.attribute for said in client.profiles.history(ivo.id)} >= {"city"}
    assert client.users.enrich(ivo.id, within=1).custom_attributes["city"] == "Nice"
    assert client.users.enrichment_plan(ivo.id).most == 0


def test_who_was_slower_reads_again_and_loses_nothing(client: Burnish) -> None:
    ann = client.users.create(email="ann@nordlake.example", custom_attributes={"score": 1})
    seen = client.profiles.get(ann.id)
    client.profiles.patch(ann.id, standard_attributes={"given_name": "Ann"})
    tries: list[int] = []

    def one_more(profile: Profile) -> dict[str, object]:
        tries.append(profile.version)
        if len(tries) == 1:  # somebody else is faster, once
            client.profiles.patch(ann.id, custom_attributes={"score": 5})
        return {"custom_attributes": {"score": profile.custom_attributes["score"] + 1}}

    with pytest.raises(Changed) as refused:
        client.profiles.replace(
            ann.id, standard_attributes={}, custom_attributes={}, if_match=seen.etag
        )
    now = client.profiles.update(ann.id, one_more)

    assert (refused.value.status, refused.value.code) == (412, "precondition_failed")
    assert len(tries) == 2
    assert now.custom_attributes["score"] == 6
    assert now.standard_attributes["given_name"] == "Ann"


def test_what_is_refused_has_a_code(service: Service, client: Burnish) -> None:
    client.users.create(email="uma@nordlake.example")

    with pytest.raises(Conflict) as taken:
        client.users.create(email="uma@nordlake.example")
    with pytest.raises(Invalid) as unfit:
        client.users.create(email="no address")
    with pytest.raises(Unauthorized) as nobody, Burnish(service.url, "bk_none") as stranger:
        stranger.users.list().first()

    assert taken.value.code == "identity_taken"
    assert unfit.value.faults
    assert nobody.value.code == "unauthorized"


def test_a_busy_service_is_asked_again_over_all_pages(service: Service, api_key: str) -> None:
    busy = Busy()

    async def made_and_listed() -> tuple[list[User], list[int], list[User]]:
        async with AsyncBurnish(service.url, api_key, transport=busy) as client:
            made = [await client.users.create(email=f"p{n}@pages.example") for n in range(5)]
            listed = client.users.list(domain="pages.example", limit=2)
            sizes = [len(page.items) async for page in listed.pages()]
            return made, sizes, [user async for user in listed]

    made, sizes, users = beside(lambda: asyncio.run(made_and_listed()))

    assert sizes == [2, 2, 1]
    assert [user.id for user in users] == [user.id for user in reversed(made)]
    assert busy.turned_away == 4


def test_users_go_in_and_out(client: Burnish, tmp_path: Path) -> None:
    people = [{"email": f"in{n}@import.example", "given_name": "In"} for n in range(5)]
    people.append({"email": "nobody"})
    file = tmp_path / "users.csv"
    file.write_text("email,given_name\nin0@import.example,Again\n")
    told: list[int] = []

    begun = client.imports.begin(people)
    run = client.imports.finished(begun.id, lambda run: told.append(run.done))
    failed = list(client.imports.outcomes(run.id, "failed"))
    inserted = list(client.imports.outcomes(run.id, "inserted", limit=2))
    again = client.imports.finished(client.imports.begin(file, upsert=True).id)
    export = client.exports.finished(client.exports.begin("csv", columns=["/email"]).id)
    rows = csv.DictReader(io.StringIO(b"".join(client.exports.download(export.id)).decode()))

    assert (run.inserted, run.failed, told[-1]) == (5, 1, 6)
    assert [one.index for one in failed] == [5]
    assert [one.index for one in inserted] == [0, 1, 2, 3, 4]
    assert (again.format, again.updated) == ("csv", 1)
    assert {row["email"] for row in rows} > {person["email"] for person in people[:5]}


def test_what_was_done_and_what_may_be_known_is_read(client: Burnish) -> None:
    client.roles.create("auditor")

    entry = client.audit.list(kind="role", subject="auditor").first()
    lines = b"".join(client.audit.export()).splitlines()

    assert entry is not None
    assert (entry.actor, client.audit.get(entry.id)) == ("everything", entry)
    assert entry.id in {json.loads(line)["id"] for line in lines}
    assert {one.name for one in client.attributes.list().custom} == {"city", "score"}
    assert client.attributes.get("city").access_control["end_user"] == "readonly"
