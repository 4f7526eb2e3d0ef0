"""What `check` tells of a script before it is saved."""

import re
from pathlib import Path

import pytest

from burnish.hooks import check as check_module
from burnish.hooks.check import Problem, check
from burnish.hooks.script import Script

pytestmark = pytest.mark.asyncio(loop_scope="session")

TYPES = Path(check_module.__file__).parent / "deno" / "types.d.ts"


async def checked(source: str) -> list[Problem]:
    return await check(Script("a.ts", source))


async def test_a_script_that_does_not_parse_has_an_error_with_its_place() -> None:
    problems = await checked("export default async function (e) {\n  const x = ;\n}\n")

    assert problems == [Problem(2, 13, "Expression expected", "error")]


async def test_types_that_do_not_fit_are_warnings_in_the_order_of_the_lines() -> None:
    problems = await checked(
        "export default (e: EventUserPreCreate): EventUserPreCreateHookResponse => {\n"
        "  const city: number = 'x';\n"
        "  return { is_allowed: true, title: 'no' };\n"
        "};\n"
    )

    assert [(one.line, one.column, one.severity) for one in problems] == [
        (2, 9, "warning"),
        (3, 30, "warning"),
    ]
    assert problems[0].message == "Type 'string' is not assignable to type 'number'."


async def test_a_promise_that_lost_its_type_argument_is_a_warning() -> None:
    problems = await checked(
        "export default async function(e: EventUserPreCreate): Promise\n{\n"
        "  return { is_allowed: true };\n}\n"
    )

    message = "Generic type 'Promise<T>' requires 1 type argument(s)."
    assert problems == [Problem(1, 55, message, "warning")]


async def test_every_type_name_is_known_without_an_import_and_with_one() -> None:
    names = re.findall(r"^export (?:type|interface) (\w+)", TYPES.read_text(), re.MULTILINE)
    uses = "\n".join(f"export type Own{n} = {name};" for n, name in enumerate(names))

    without = await checked(f"{uses}\nexport default () => null;\n")
    imported = await checked(
        f"import {{ {', '.join(names)} }}\n"
        '  from "https://deno.land/x/authgear_deno_hook@v2.0.0/mod.ts";\n'
        f"{uses}\nexport default () => null;\n"
    )

    assert len(names) > 90
    assert (without, imported) == ([], [])


PUBLISHED = {
    "by network": """
        export default async function (
          e: EventAuthenticationPreInitialize,
        ): Promise<EventAuthenticationPreInitializeHookResponse> {
          if (e.context.ip_address !== "203.0.113.1") {
            return { is_allowed: false, title: "No", reason: "Come from the office" };
          }
          return { is_allowed: true };
        }
    """,
    "second factor": """
        export default async function (
          e: EventAuthenticationPostIdentified,
        ): Promise<EventAuthenticationPostIdentifiedHookResponse> {
          if (e.context.geo_location_code !== "HK") {
            return { is_allowed: true, constraints: { amr: ["mfa"] },
              bot_protection: { mode: "always" },
              rate_limits: { "authentication.general": { weight: 2 } } };
          }
          return { is_allowed: true };
        }
    """,
    "by role": """
        export default async function (e: EventAuthenticationPreAuthenticated):
            Promise<HookResponse> {
          const roles = e.payload.authentication_context.user?.roles ?? [];
          return roles.includes("admin") ? { is_allowed: true } : { is_allowed: false };
        }
    """,
    "claims": """
        export default async function (e: EventOIDCJWTPreCreate):
            Promise<EventOIDCJWTPreCreateHookResponse> {
          return { is_allowed: true, mutations: { jwt: { payload: {
            ...e.payload.jwt.payload, "https://claims.example/plan": "gold" } } } };
        }
    """,
    "any blocking event": """
        export default async function (e: HookBlockingEvent): Promise<HookResponse> {
          if (e.type === "user.pre_create") console.log(e.payload.identities[0].claims.email);
          return { is_allowed: true };
        }
    """,
    "any other event": """
        export default async function (e: HookNonBlockingEvent): Promise<void> {
          if (e.type === "user.deleted") await fetch("https://crm.example/gone");
        }
    """,
}


@pytest.mark.parametrize("what", PUBLISHED)
async def test_scripts_in_the_style_of_published_ones_have_no_problem(what: str) -> None:
    assert await checked(PUBLISHED[what]) == []


@pytest.mark.parametrize(
    "specifier", ["https://esm.sh/lodash", "npm:lodash", "jsr:@std/assert", "file:///etc/passwd"]
)
async def test_other_imports_are_refused_with_a_sentence(specifier: str) -> None:
    problems = await checked(f'import x from "{specifier}";\nexport default () => x;\n')

    assert len(problems) == 1
    assert "This import is not checked" in problems[0].message
    assert problems[0].severity == "warning"


async def test_what_node_offers_may_be_imported() -> None:
    source = 'import { createHash } from "node:crypto";\nexport default () => createHash("md5");\n'

    assert await checked(source) == []


async def test_a_check_without_an_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_module, "SECONDS", 0.05)

    problems = await checked("export default () => 1;")

    assert [(one.severity, one.line) for one in problems] == [("warning", 1)]
    assert "took longer than 0.05 s" in problems[0].message
