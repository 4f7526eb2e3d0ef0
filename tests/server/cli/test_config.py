"""`burnish config apply` and `export`."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from tests.server.cli.conftest import Ended

from burnish_server.audit.models import Entry
from burnish_server.hooks.models import Hook, TimeLimits
from burnish_server.identity.models import User
from burnish_server.profiles import store
from burnish_server.profiles.models import CustomAttribute, Population, Profile

pytestmark = pytest.mark.django_db(transaction=True)

Burnish = Callable[..., Ended]
Define = Callable[..., CustomAttribute]
Say = Callable[..., User]

ALLOW = "export default () => ({ is_allowed: true });\n"

CITY = {"id": "c", "pointer": "/city", "type": "string"}
SEATS = {"id": "s", "pointer": "/seats", "type": "integer", "maximum": 500}


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """Write `burnish.yaml`: `file([CITY], hook={...}, geo=SCRIPT)`."""

    def write(attributes: list[dict[str, Any]], /, **rest: Any) -> Path:
        (tmp_path / "deno").mkdir(exist_ok=True)
        for name in [name for name, value in rest.items() if isinstance(value, str)]:
            (tmp_path / f"deno/{name}.ts").write_text(rest.pop(name))
        profile = {"custom_attributes": {"attributes": attributes}, **rest.pop("profile", {})}
        path = tmp_path / "burnish.yaml"
        path.write_text(yaml.safe_dump({"user_profile": profile, **rest}))
        return path

    return write


def hooks(*names: str, **more: object) -> dict[str, Any]:
    handlers = [
        {"event": "user.pre_create", "url": f"authgeardeno:///deno/{name}.ts"} for name in names
    ]
    return {"blocking_handlers": handlers, **more}


def test_what_changes_is_shown_and_the_rest_is_kept(
    burnish: Burnish, attribute: Define, file: Callable[..., Path]
) -> None:
    attribute("country", id="k")
    attribute("seats", "integer", id="s", maximum=500)
    standard = {
        "standard_attributes": {
            "population": {"strategy": "none"},
            "access_control": [{"pointer": "/gender", "merge": "newest"}],
        }
    }

    ended = burnish(
        "config",
        "apply",
        file(
            [CITY, {**SEATS, "maximum": 50, "label": "Seats"}],
            profile=standard,
            hook=hooks("geo", sync_hook_timeout_seconds=2.5),
            geo=ALLOW,
        ),
    )

    assert ended == (
        0,
        "~ population: on_signup -> none\n"
        "~ standard attribute gender: merge policy standing -> newest\n"
        "+ attribute city (string)\n"
        '~ attribute seats: maximum 500 -> 50; label none -> "Seats"\n'
        "~ order of attributes: country, city, seats\n"
        "~ time limits: one hook 5 s -> 2.5 s\n"
        "+ hook geo (user.pre_create)\n"
        "not in this file, kept: attribute country\n"
        "Applied.\n",
        "",
    )
    assert [one.name for one in store.schema().custom] == ["country", "city", "seats"]
    assert Population.current().strategy == "none"
    assert TimeLimits.current().hook_seconds == 2.5
    assert {entry.door for entry in Entry.objects.all()} == {"cli"}
    assert Entry.objects.filter(subject_kind="hook", action="added", subject="geo").exists()


def test_a_dry_run_shows_it_and_changes_nothing(
    burnish: Burnish, file: Callable[..., Path]
) -> None:
    ended = burnish("config", "apply", file([CITY]), "--dry-run")

    assert ended == (0, "+ attribute city (string)\n", "")
    assert not CustomAttribute.objects.exists()
    assert not Entry.objects.exists()


def test_at_a_terminal_it_asks_first(burnish: Burnish, file: Callable[..., Path]) -> None:
    refused = burnish("config", "apply", file([CITY]), typed="n\n")
    assert refused.status == 1
    assert not CustomAttribute.objects.exists()

    assert burnish("config", "apply", file([CITY]), typed="y\n").status == 0
    assert CustomAttribute.objects.exists()


def test_a_second_time_there_is_nothing_to_change(
    burnish: Burnish, file: Callable[..., Path]
) -> None:
    path = file([CITY, SEATS], hook=hooks("geo", "tidy"), geo=ALLOW, tidy=ALLOW)
    burnish("config", "apply", path)
    noted = Entry.objects.count()

    assert burnish("config", "apply", path).out == "Nothing to change.\n"
    assert Entry.objects.count() == noted


def test_a_narrowed_range_says_how_many_values_do_not_fit_and_is_refused(
    burnish: Burnish, attribute: Define, say: Say, file: Callable[..., Path]
) -> None:
    seats = attribute("seats", "integer", id="s", maximum=500)
    for value in (7, 70, 300):
        say(seats, value)
    path = file([CITY, {**SEATS, "maximum": 50}])

    ended = burnish("config", "apply", path)

    assert ended.status == 1
    assert "2 of 3 users have a value that does not fit" in ended.out
    assert ended.err.startswith("user_profile.custom_attributes.attributes.1: 2 of 3 users")
    assert "--allow-loss" in ended.err
    assert [one.name for one in store.schema().custom] == ["seats"]

    assert burnish("config", "apply", path, "--allow-loss").status == 0
    assert sorted(str(profile.custom) for profile in Profile.objects.all()) == [
        "{'s': 7}",
        "{}",
        "{}",
    ]


def test_a_new_type_whose_values_all_convert_is_no_loss(
    burnish: Burnish, attribute: Define, say: Say, file: Callable[..., Path]
) -> None:
    say(attribute("seats", id="s"), "70")

    assert burnish("config", "apply", file([SEATS])).status == 0
    assert Profile.objects.get().custom == {"s": 70}


def test_nothing_is_changed_when_one_thing_is_refused(
    burnish: Burnish, attribute: Define, file: Callable[..., Path]
) -> None:
    attribute("seats", id="other")

    ended = burnish("config", "apply", file([CITY, SEATS]))

    assert ended.status == 1
    assert ended.err == (
        "user_profile.custom_attributes.attributes.1.pointer: "
        "/seats belongs to the attribute with id other; use its id\n"
    )
    assert not store.schema().find("city")


def test_names_may_change_places(
    burnish: Burnish, attribute: Define, say: Say, file: Callable[..., Path]
) -> None:
    attribute("b", id="1")
    attribute("c", id="2")
    lyon = say(attribute("a", id="3"), "Lyon")
    renamed = [
        {"id": id, "pointer": f"/{name}", "type": "string"} for id, name in ("1c", "2a", "3b")
    ]

    assert burnish("config", "apply", file(renamed)).status == 0

    assert {one.name: one.id for one in store.schema().custom} == {"c": "1", "a": "2", "b": "3"}
    assert store.of(lyon.pk).custom == {"3": "Lyon"}


def test_an_attribute_is_retired_by_the_file(
    burnish: Burnish, attribute: Define, file: Callable[..., Path]
) -> None:
    attribute("city", id="c")

    ended = burnish("config", "apply", file([{**CITY, "retired": True}]))

    assert ended.out == "~ attribute city: retired no -> yes\nApplied.\n"
    assert store.schema().find("city") is None


def test_hooks_take_the_file_s_order_and_time_limits_it_leaves_out_stay(
    burnish: Burnish, hook: Callable[..., Hook], file: Callable[..., Path]
) -> None:
    TimeLimits(hook_seconds=2, event_seconds=4).save()
    for position, name in enumerate(("geo", "mine", "tidy")):
        hook(name, ALLOW, position=position)

    ended = burnish("config", "apply", file([], hook=hooks("tidy", "geo"), geo=ALLOW, tidy=ALLOW))

    assert ended.out == (
        "~ order of hooks at user.pre_create: tidy, mine, geo\n"
        "not in this file, kept: hook mine\n"
        "Applied.\n"
    )
    assert [hook.name for hook in Hook.objects.all()] == ["tidy", "mine", "geo"]
    assert TimeLimits.current().event_seconds == 4


def test_a_changed_script_is_told_by_its_lines(
    burnish: Burnish, hook: Callable[..., Hook], file: Callable[..., Path]
) -> None:
    hook("geo", ALLOW, enabled=False)

    ended = burnish("config", "apply", file([], hook=hooks("geo"), geo=f"// new\n{ALLOW}"))

    assert "~ hook geo: enabled no -> yes; script changed (1 -> 2 lines)\n" in ended.out
    assert Hook.objects.get().script.startswith("// new")


class Modules(SimpleHTTPRequestHandler):
    extensions_map = {".ts": "application/typescript"}  # noqa: RUF012 - as the class has it


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """Return the address of a module on this machine, which may be called."""
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "greet.ts").write_text("export const greet = (name: string) => `Hello ${name}`;")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Modules, directory=folder))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    here = f"127.0.0.1:{server.server_port}"
    outbound = settings.BURNISH.outbound.model_copy(update={"allow_private": here})
    changed = settings.BURNISH.model_copy(update={"outbound": outbound})
    monkeypatch.setattr(settings, "BURNISH", changed)
    yield f"http://{here}/greet.ts"
    server.shutdown()
    server.server_close()
    thread.join(5)


def test_what_a_script_imports_is_fetched_and_kept_with_it(
    burnish: Burnish, file: Callable[..., Path], library: str
) -> None:
    script = f'import {{ greet }} from "{library}";\nexport default () => greet("Ada");\n'

    assert burnish("config", "apply", file([], hook=hooks("geo"), geo=script)).status == 0

    [(specifier, source)] = Hook.objects.get().modules
    assert specifier == library
    assert "Hello" in source


def test_what_cannot_be_fetched_is_named_and_nothing_is_changed(
    burnish: Burnish, file: Callable[..., Path]
) -> None:
    script = 'import chalk from "npm:chalk";\nexport default () => chalk.red("no");\n'

    ended = burnish("config", "apply", file([CITY], hook=hooks("geo"), geo=script))

    assert ended.status == 1
    assert "npm:chalk names no exact version; write it as npm:name@1.2.3." in ended.err
    assert not Hook.objects.exists()
    assert not CustomAttribute.objects.exists()


def test_an_export_is_good_and_changes_nothing(
    burnish: Burnish, attribute: Define, hook: Callable[..., Hook], tmp_path: Path
) -> None:
    attribute("seats", "number", minimum=-0.5, label="Seats: how many?", position=7)
    attribute("plan", "enum", enum=["no", "0001"], retired=True, position=7)
    attribute("city", merge={"prefer": ["admin"]}, indexed=True, purpose="# to greet", position=9)
    hook("my_geo", ALLOW, position=3)
    hook("my-geo", f"{ALLOW}\r\n// Lyon, naïvely", position=9, enabled=False, on_error="allow")
    TimeLimits(hook_seconds=0.5, event_seconds=4).save()
    Population(strategy="none").save()
    path = tmp_path / "out/burnish.yaml"

    exported = burnish("config", "export", "--output", path)
    checked = burnish("config", "check", path)
    applied = burnish("config", "apply", path)

    assert (exported.status, checked.status) == (0, 0)
    assert checked.out == f"{path} is good.\n"
    assert applied.out == "Nothing to change.\n"
    CustomAttribute.objects.all().delete()
    Hook.objects.all().delete()
    burnish("config", "apply", path)
    assert burnish("config", "apply", path).out == "Nothing to change.\n"
    assert [one.name for one in Hook.objects.all()] == ["my_geo", "my-geo"]


def test_hooks_of_every_kind_go_through_a_file_unchanged(
    burnish: Burnish, hook: Callable[..., Hook], tmp_path: Path
) -> None:
    hook("geo", ALLOW, timeout_ms=250, only_clients=["web", "app"], isolation="fresh")
    address = "https://hooks.nordlake.example/in?a=1"
    blocking = {"events": ["user.profile.pre_update"], "on_error": "defer"}
    hook("crm", "", kind="webhook", url=address, **blocking)
    told = ["user.created", "identity.email.verified", "profile.enriched"]
    hook("told", "", kind="webhook", url=address, events=told)
    hook("all", ALLOW, events=["*"], enabled=False)
    hook("none", ALLOW, events=[])
    path = tmp_path / "out/burnish.yaml"

    burnish("config", "export", "--output", path)
    Hook.objects.all().delete()
    applied = burnish("config", "apply", path)

    assert applied.status == 0, applied.err
    assert burnish("config", "apply", path).out == "Nothing to change.\n"
    kept = {one.name: one for one in Hook.objects.all()}
    assert (kept["geo"].timeout_ms, kept["geo"].isolation) == (250, "fresh")
    assert kept["geo"].only_clients == ["web", "app"]
    assert (kept["crm"].url, kept["crm"].on_error) == (address, "defer")
    assert (kept["told"].events, kept["all"].events, kept["none"].events) == (told, ["*"], [])
    assert not kept["all"].enabled
    assert kept["geo"].versions.get().saved_by == "command line"


def test_a_contract_s_fragment_is_taken_as_it_is(
    burnish: Burnish, file: Callable[..., Path]
) -> None:
    fragment = {
        "sync_hook_timeout_seconds": 5,
        "sync_hook_total_timeout_seconds": 10,
        "blocking_handlers": [
            {"event": "user.pre_create", "url": "authgeardeno:///deno/blocking.a1b2c3d4.ts"}
        ],
        "non_blocking_handlers": [
            {"events": ["*"], "url": "https://hooks.nordlake.example/authgear"},
            {"events": [], "url": "https://hooks.nordlake.example/authgear"},
        ],
    }
    path = file([], hook=fragment, **{"blocking.a1b2c3d4": ALLOW})

    assert burnish("config", "apply", path).status == 0

    assert {one.name: one.kind for one in Hook.objects.all()} == {
        "blocking-a1b2c3d4": "script",
        "hooks-nordlake-example": "webhook",
        "hooks-nordlake-example-2": "webhook",
    }


def test_an_export_replaces_no_file_unasked(burnish: Burnish, tmp_path: Path) -> None:
    path = tmp_path / "burnish.yaml"
    path.write_text("web: {port: 8001}\n")

    refused = burnish("config", "export", "--output", path)

    assert refused.status == 1
    assert "exists; name another file, or add --force" in refused.err
    assert path.read_text() == "web: {port: 8001}\n"
    assert burnish("config", "export", "--output", path, "--force").status == 0


def test_an_export_without_a_file_says_where_the_scripts_are(
    burnish: Burnish, hook: Callable[..., Hook]
) -> None:
    hook("geo", ALLOW)

    ended = burnish("config", "export")

    assert yaml.safe_load(ended.out)["hook"]["blocking_handlers"][0]["url"].endswith("deno/geo.ts")
    assert "--output FILE" in ended.err
