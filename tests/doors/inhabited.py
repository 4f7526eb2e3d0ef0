"""A service that has one of everything, so that every address leads to something.

Ada's profile has a canary for each legal access triple, twice: as a custom attribute and as a
standard one. Each canary is said by her, and a likeness of it by a provider.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone
from tests.doors.addresses import Gaps

from burnish.attributes.access import _LEGAL, OPEN, Access, Level
from burnish.events.event import envelope
from burnish.events.samples import sample
from burnish.hooks.outcome import HookRun
from burnish.hooks.trouble import Trouble
from burnish.oauth.client import Client as Entry
from burnish.profiles.fact import Fact
from burnish_server.api_keys import store as keys
from burnish_server.api_keys.scope import ATTRIBUTES_READ, SCOPES
from burnish_server.audit.log import Actor, record
from burnish_server.consent.models import Purpose
from burnish_server.enrichment.models import Lookup, Provider
from burnish_server.enrichment.models import Run as EnrichmentRun
from burnish_server.exports import store as exports
from burnish_server.exports import work
from burnish_server.hooks import sealing, versions
from burnish_server.hooks import store as hooks
from burnish_server.hooks.models import Delivery, Event, Hook, Run, Secret
from burnish_server.identity.flows import administrator
from burnish_server.identity.models import User
from burnish_server.identity.oidc import clients
from burnish_server.imports.models import Run as Import
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute, StandardAttribute
from burnish_server.questions.models import Question
from burnish_server.roles import edit, models
from burnish_server.segments.models import Segment
from burnish_server.social.models import SocialProvider

ACTOR = Actor.at_command_line()
ADA, ROOT, PASSWORD = "ada@nordlake.example", "root@staff.example", "sunken-lantern-7"
STANDARD = (
    *("family_name", "gender", "given_name", "middle_name"),
    *("name", "nickname", "profile", "website"),
)
SENSITIVE = "canary-sensitive"
READABLE: tuple[Level, ...] = ("readonly", "readwrite")


@dataclass(frozen=True)
class Canary:
    """A value that may be seen by some and by nobody else."""

    name: str
    access: Access

    @property
    def text(self) -> str:
        """What is looked for."""
        return f"canary-{self.name}"

    @property
    def value(self) -> str:
        """The value of the attribute."""
        is_address = self.name in ("profile", "website")
        return f"https://{self.text}.example/" if is_address else self.text


CANARIES = (
    *(
        Canary(name, Access.model_validate(dict(zip(Access.model_fields, triple, strict=True))))
        for place, triple in enumerate(sorted(_LEGAL))
        for name in (f"c{place}", STANDARD[place])
    ),
    Canary("sensitive", OPEN),
)
ALL = frozenset(one.text for one in CANARIES)
NOBODY: frozenset[str] = frozenset()


def seen_by(party: Any) -> frozenset[str]:
    """Return which canaries a party may see."""
    return frozenset(one.text for one in CANARIES if one.access.level(party) in READABLE)


def written_by(party: Any) -> frozenset[str]:
    """Return which canaries a party may change."""
    return frozenset(one.text for one in CANARIES if one.access.level(party) == "readwrite")


def found_in(text: str) -> frozenset[str]:
    """Return the canaries that stand in a text."""
    return frozenset(canary for canary in ALL if canary in text)


@dataclass(frozen=True)
class House:
    """Who is there, what opens its doors, and what fills the gaps of its addresses."""

    ada: User
    root: User
    key: str
    """Of a program that may do everything."""
    poor_key: str
    """Of a program that may only read which attributes there are."""
    secrets: Mapping[str, str]
    """The secrets of its apps, by client id."""
    hook: int
    event: int
    """That the hook was told."""
    gaps: Gaps


def furnish() -> House:
    """Make one of everything."""
    administrator.create(ADA, PASSWORD)
    administrator.create(ROOT, PASSWORD)
    ada, root = User.objects.get(email=ADA), User.objects.get(email=ROOT)
    User.objects.filter(pk=ada.pk).update(is_staff=False, is_superuser=False)
    ada.refresh_from_db()
    attributes = _attributes(ada)
    Question.objects.create(key="ask", entry=_question("c7"), position=0)
    Question.objects.create(key="shut", entry=_question("c0"), position=1)
    rule = [{"attribute": "c0", "is": "exists"}]
    Segment.objects.create(name="big_teams", rule=rule)
    edit.create(models.Role, "editor", "Editor", "", ACTOR)
    edit.create(models.Group, "staff", "Staff", "", ACTOR)
    hook, run, delivery, seq = _hook(ada)
    provider = Provider.objects.create(name="acme", kind="ipinfo")
    asked = EnrichmentRun.objects.create(user=ada, reason="request", want=["c0"])
    lookup = Lookup.objects.create(run=asked, user_id=ada.pk, provider="acme", outcome="found")
    social = SocialProvider.objects.create(
        alias="g", kind="google", name="Google", client_id="c", sealed=sealing.seal("s3cret")
    )
    secret = Secret.objects.create(name="CRM_KEY", sealed=sealing.seal("s3cret"))
    Purpose.objects.create(name="sales")
    export = exports.create("ndjson", None, ACTOR, work=False)
    work.go_on(export.pk, 10)
    imported = Import.objects.create(format="ndjson", identifier="email", door="cli", actor="x")
    noted = record(ACTOR, "changed", "profile", ada.pk, ada, {"attributes": ["c0"]})
    found = {
        "user": ada.pk,
        "hook": hook.pk,
        "run": run.pk,
        "delivery": delivery.pk,
        "export": export.pk,
        "signed": exports.sign(export),
        "import": imported.pk,
        "lookup": lookup.pk,
        "entry": noted.pk,
        "secret": secret.pk,
        "provider": provider.pk,
        "social": social.pk,
        "role": models.Role.objects.get().pk,
        "group": models.Group.objects.get().pk,
    }
    return House(
        ada,
        root,
        keys.create("everything", list(SCOPES), ACTOR)[1],
        keys.create("little", [ATTRIBUTES_READ], ACTOR)[1],
        {kind: _app(kind) for kind in ("spa", "confidential", "third_party_app")},
        hook.pk,
        seq,
        _gaps({name: str(id) for name, id in found.items()}, attributes),
    )


def _app(kind: str) -> str:
    entry = {"client_id": kind, "x_application_type": kind, "issue_jwt_access_token": True}
    more = {"redirect_uris": ["https://app.example/callback"], "client_name": kind.title()}
    return clients.create(Entry.model_validate(entry | more), ACTOR)


def _attributes(ada: User) -> dict[str, str]:
    """Define an attribute for each canary, say its value, and return the custom ones' ids."""
    ids: dict[str, str] = {}
    for one in CANARIES:
        level = one.access.model_dump()
        if one.name in STANDARD:
            StandardAttribute.objects.update_or_create(name=one.name, defaults={"access": level})
        else:
            made = CustomAttribute.objects.create(
                pointer=f"/{one.name}",
                type="string",
                access=level,
                indexed=True,
                sensitive=one.text == SENSITIVE,
            )
            ids[one.name] = made.pk
    at = timezone.now()
    places = {one: ("custom", ids[one.name]) for one in CANARIES if one.name in ids}
    places |= {one: ("standard", one.name) for one in CANARIES if one.name not in ids}
    facts = [
        Fact(*place, one.value + ending, source, at - timedelta(days=1))  # type: ignore[arg-type]
        for one, place in places.items()
        for source, ending in (("user", ""), ("provider:acme", "guess"))
    ]
    store.say(ada.pk, facts, at, store.schema())
    return ids


def _question(attribute: str) -> dict[str, Any]:
    return {"attributes": [attribute], "words": {"en": {"title": "What?", "why": "Because."}}}


def _hook(ada: User) -> tuple[Hook, Run, Delivery, int]:
    """Configure a hook that was told all of Ada, and that printed and answered it."""
    hook = Hook.objects.create(
        name="geo", events=["user.created"], kind="script", script="export default () => ({});\n"
    )
    versions.keep(hook, "tests")
    told = sample("user.created")
    about = told["payload"]["user"]
    about["standard_attributes"] |= {
        one.name: one.value for one in CANARIES if one.name in STANDARD
    }
    about["custom_attributes"] = {
        one.name: one.value for one in CANARIES if one.name not in STANDARD
    }
    seq, at, said = 4711, timezone.now(), " ".join(one.value for one in CANARIES)
    Event.objects.create(
        seq=seq,
        type="user.created",
        user_id=ada.pk,
        payload=told["payload"],
        context={**told["context"], "user_id": str(ada.pk)},
        created_at=at,
    )
    whole = envelope("user.created", told["payload"], seq, {"user_id": str(ada.pk)})
    answer = {"mutations": {"user": about}}
    trouble = Trouble("failed", "HookInvalidResponse", 500, said)
    called = HookRun("geo", "user.created", "failed", at, 3.0, said, trouble=trouble, answer=answer)
    equipped = hooks.equipped(Hook.objects.filter(pk=hook.pk))
    hooks.record_many([(called, hook.pk, equipped[hook.pk], whole)])
    delivery = Delivery.objects.create(
        id=uuid4(),
        hook=hook,
        event_seq=seq,
        event_type="user.created",
        user_id=ada.pk,
        state="dead",
        due_at=at,
        created_at=at,
        error_code="HookInvalidResponse",
        error_message=said.replace(SENSITIVE, ""),
        reply=said.replace(SENSITIVE, ""),
    )
    return hook, Run.objects.get(), delivery, seq


def _gaps(found: Mapping[str, str], ids: Mapping[str, str]) -> Gaps:
    """Return what fills the gaps of every route."""
    user, nobody = found["user"], str(uuid4())
    names: Sequence[str] = [one.name for one in CANARIES]
    objects = {
        "identity/user": user,
        "hooks/hook": found["hook"],
        "hooks/run": found["run"],
        "hooks/delivery": found["delivery"],
        "hooks/secret": found["secret"],
        "consent/purpose": "sales",
        "audit/entry": found["entry"],
        "enrichment/lookup": found["lookup"],
        "enrichment/provider": found["provider"],
        "social/socialprovider": found["social"],
        "profiles/standardattribute": "nickname",
        "profiles/customattribute": ids["c0"],
        "roles/role": found["role"],
        "roles/group": found["group"],
        "oidc/client": "spa",
    }
    portal = {f"portal/{page}/": {"object_id": [id], "pk": [id]} for page, id in objects.items()}
    return {
        **portal,
        "portal/": {"object_id": ["1"], "app_label": ["identity"], "url": ["nowhere"]},
        "portal/r/": {"content_type_id": ["1"], "object_id": [user]},
        "portal/identity/user/": {"user_id": [user], "object_id": [user]},
        "portal/imports/run/": {"pk": [found["import"]], "only": ["failed", "all"]},
        "portal/exports/run/": {"pk": [found["export"]]},
        "portal/enrichment/waterfall/": {"attribute": ["c0"]},
        "portal/enrichment/provider/<slug": {"name": [found["provider"]]},
        "portal/social/socialprovider/<slug": {"alias": [found["social"]]},
        "portal/questions/question/": {"key": ["ask"]},
        "portal/questions/report/": {"pk": ["1"]},
        "portal/segments/segment/": {"name": ["big_teams"]},
        "portal/audit/entry/export/": {"kind": ["csv", "ndjson"]},
        "api/v1/users/": {
            "user_id": [user],
            "attribute": names,
            "identity_id": [nobody],
            "session_id": [nobody],
        },
        "api/v1/api-keys/": {"id": [nobody]},
        "api/v1/roles/": {"key": ["editor"]},
        "api/v1/groups/": {"key": ["staff"]},
        "api/v1/imports/": {"import_id": [found["import"]]},
        "api/v1/exports/": {"export_id": [found["export"]]},
        "api/v1/me/questions/": {"key": ["ask", "shut"]},
        "api/v1/questions/": {"key": ["ask"]},
        "api/v1/attributes/": {"name": ["c0"]},
        "api/v1/attributes/standard/": {"name": ["nickname"]},
        "api/v1/hooks/": {"name": ["geo"], "number": ["1"]},
        "api/v1/hook-runs/": {"id": [found["run"]]},
        "api/v1/deliveries/": {"id": [found["delivery"]]},
        "api/v1/secrets/": {"name": ["CRM_KEY"]},
        "api/v1/providers/": {"name": [found["provider"]]},
        "api/v1/waterfalls/": {"attribute": ["c0"]},
        "api/v1/purposes/": {"name": ["sales"]},
        "api/v1/segments/": {"name": ["big_teams"]},
        "api/v1/audit/": {"id": [found["entry"]]},
        "_api/admin/users/import/": {"id": [f"userimport_{found['import']}"]},
        "_api/admin/users/export/": {"id": [f"userexport_{found['export']}"]},
        "_api/admin/users/export/file/": {"signed": [found["signed"]]},
        "settings/profile/": {"name": names},
        "settings/questions/": {"key": ["ask", "shut"]},
        "enrichment/callback/": {"token": ["nonsense"]},
        "password/reset/key/": {"uidb36": ["1"], "key": ["nonsense"]},
        "2fa/webauthn/keys/": {"pk": ["1"]},
        "social/oidc/": {"provider_id": ["nobody"]},
    }
