"""`burnish config check`."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from burnish.cli import app
from burnish.config import Config, in_order, read

# As a project of Authgear's has it, every option in use.
CARRIED_OVER = """
user_profile:
  standard_attributes:
    population:
      strategy: none
    access_control:
    - pointer: /nickname
      access_control: {end_user: readwrite, bearer: readonly, portal_ui: readwrite}
    - pointer: /gender
      access_control: {end_user: hidden, bearer: hidden, portal_ui: hidden}
  custom_attributes:
    attributes:
    - {id: "0000", pointer: /team, type: enum, enum: [support, design],
       access_control: {end_user: readonly, bearer: readonly, portal_ui: readwrite}}
    - {id: "0001", pointer: /licences, type: integer, minimum: 0, maximum: 40}
    - {id: "0002", pointer: /score, type: number, minimum: -1.5}
    - {id: "0003", pointer: /motto, type: string}
    - {id: "0004", pointer: /desk_phone, type: phone_number}
    - {id: "0005", pointer: /work_email, type: email}
    - {id: "0006", pointer: /homepage, type: url}
    - {id: "0007", pointer: /country, type: country_code}
hook:
  sync_hook_timeout_seconds: 4
  sync_hook_total_timeout_seconds: 9
  blocking_handlers:
  - {event: user.pre_create, url: "authgeardeno:///deno/blocking.a1b2c3d4.ts"}
"""


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        (tmp_path / "deno").mkdir(exist_ok=True)
        for name in ("geo", "blocking.a1b2c3d4", "n" * 70):
            (tmp_path / f"deno/{name}.ts").write_text("export default () => 1;\n")
        path = tmp_path / "burnish.yaml"
        path.write_text(text)
        return path

    return write


def check(path: Path) -> tuple[int, list[str]]:
    result = CliRunner().invoke(app, ["config", "check", str(path)])
    return result.exit_code, result.output.splitlines()


def test_a_fragment_of_authgear_s_is_good_as_it_is(file: Callable[[str], Path]) -> None:
    path = file(CARRIED_OVER)

    assert check(path) == (0, [f"{path} is good."])
    config = read(path)
    assert isinstance(config, Config)
    assert [hook.name for hook in config.hooks] == ["blocking-a1b2c3d4"]


def test_everything_that_is_wrong_is_said_at_once(file: Callable[[str], Path]) -> None:
    path = file(
        """
user_profile:
  standard_attributes:
    population: {strategy: always}
    access_control:
    - pointer: /shoe_size
    - {pointer: /name, access_control: {end_user: readwrite, bearer: hidden, portal_ui: hidden}}
  custom_attributes:
    attributes:
    - {id: a, pointer: /email, type: string}
    - {id: b, pointer: /seats, type: integer, minimum: 9, maximum: 1}
hook:
  blocking_handlers:
  - {event: user.pre_creat, url: "authgeardeno:///deno/geo.ts"}
  - {event: user.pre_create, url: "ftp://hooks.example/geo"}
"""
    )

    status, lines = check(path)

    assert status == 1
    assert [line.split(": ")[0] for line in lines] == [
        "user_profile.standard_attributes.population.strategy",
        "user_profile.standard_attributes.access_control.0.pointer",
        "user_profile.standard_attributes.access_control.1.access_control",
        "user_profile.custom_attributes.attributes.0.pointer",
        "user_profile.custom_attributes.attributes.1",
        "hook.blocking_handlers.0.event",
        "hook.blocking_handlers.1.url",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [1", "burnish.yaml:1:6: "),
        ("a: 2026-99-99", "burnish.yaml: is not YAML that can be read"),
        ("[" * 5000, "burnish.yaml: is not YAML that can be read"),
        ("- 1", "burnish.yaml: must hold names and values"),
        ("user_profile: []", "user_profile: "),
        ("hook: false", "hook: "),
        ("hook: {sync_hook_timeout_seconds: .inf}", "hook.sync_hook_timeout_seconds: "),
    ],
)
def test_what_cannot_be_read_is_a_sentence(
    text: str, said: str, file: Callable[[str], Path]
) -> None:
    status, lines = check(file(text))

    assert status == 1
    assert said in lines[0]


HOOK = '{{event: user.pre_create, url: "authgeardeno:///deno/{}.ts"{}}}'


@pytest.mark.parametrize(
    ("handlers", "said"),
    [
        (["geo", ", name: my geo"], "hook.blocking_handlers.0.name: must be up to 60 letters"),
        (["n" * 70, ""], "hook.blocking_handlers.0.url: gives the hook a name of more than 60"),
        (
            ["geo", "", "geo", ", name: geo"],
            "hook.blocking_handlers.1.name: another hook",
        ),
        (["lost", ""], "hook.blocking_handlers.0.url: there is no file"),
    ],
)
def test_a_hook_has_a_script_and_a_name_of_its_own(
    handlers: list[str], said: str, file: Callable[[str], Path]
) -> None:
    pairs = zip(handlers[::2], handlers[1::2], strict=True)
    listed = ", ".join(HOOK.format(name, more) for name, more in pairs)

    status, lines = check(file(f"hook: {{blocking_handlers: [{listed}]}}"))

    assert status == 1
    assert lines[0].startswith(said)


NAMES = st.lists(st.sampled_from("abcdefgh"), unique=True)


@given(NAMES, NAMES)
def test_the_order_is_the_file_s_and_what_it_does_not_name_keeps_its_place(
    present: list[str], given: list[str]
) -> None:
    order = in_order(present, given)

    assert sorted(order) == sorted({*present, *given})
    assert [name for name in order if name in given] == given
    stays = [name for name in order if name in present]
    assert all(stays[place] == name for place, name in enumerate(present) if name not in given)
