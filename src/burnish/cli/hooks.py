"""`burnish hooks`: try a hook script without a server."""

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from burnish.attributes.storable import clean_text, cleaned
from burnish.errors import BurnishError
from burnish.events.catalogue import CATALOGUE
from burnish.events.samples import sample
from burnish.hooks.runtime import Script, ScriptRun, ScriptRuntime
from burnish.hooks.types import declarations
from burnish.outbound import Outbound

app = typer.Typer(help="Try hook scripts.", no_args_is_help=True)


@app.callback()
def hooks() -> None:
    """Try hook scripts."""


@app.command()
def run(
    script: Annotated[Path, typer.Argument(help="The script, such as geo.ts.")],
    event: Annotated[
        str,
        typer.Option(help="A file with the event as JSON, - for stdin, or a type: a made-up one."),
    ],
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Let the script call private addresses.")
    ] = False,
    timeout: Annotated[float, typer.Option(min=0.001, help="Seconds the script may take.")] = 5.0,
) -> None:
    """Run one script with one event, as the service would, and print what came of it as JSON.

    Ends with status 0 when the script returned, 1 when it did not, and 2 when it was not run.
    """
    try:
        source = Script(script.name, text_of(script))
        result = asyncio.run(once(source, event_of(event), outbound(allow_private), timeout))
    except (BurnishError, UsageFault) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    typer.echo(json.dumps(report(result), ensure_ascii=False))
    if result.fault is not None:
        raise typer.Exit(1)


@app.command()
def types() -> None:
    """Print burnish.d.ts, the type names a script may use, for your editor."""
    typer.echo(declarations(), nl=False)


class UsageFault(Exception):
    """What was given on the command line cannot be used."""


def text_of(path: Path) -> str:
    """Return a file's text, or that of stdin for "-"; raise `UsageFault` with a sentence."""
    try:
        return sys.stdin.read() if str(path) == "-" else path.read_text("utf-8")
    except OSError as error:
        raise UsageFault(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UsageFault(f"{path} is not text in UTF-8.") from error


def event_of(given: str) -> Mapping[str, Any]:
    """Return the event, a JSON object: a file's, or a made-up one of a type."""
    if given in CATALOGUE:
        return sample(given)
    path = Path(given)
    try:
        event = json.loads(text_of(path))
    except ValueError as error:
        raise UsageFault(f"{path} is not JSON: {error}.") from error
    except RecursionError:
        raise UsageFault(f"{path} is nested too deeply.") from None
    if not isinstance(event, dict):
        raise UsageFault(f"{path} holds no event: an event is a JSON object.")
    return event


def outbound(allow_private: bool) -> Outbound:
    """Return the policy of the environment, opened to private addresses if asked."""
    policy = Outbound.of_environment()
    return policy.model_copy(update={"allow_private": ("*",)}) if allow_private else policy


async def once(
    script: Script, event: Mapping[str, Any], policy: Outbound, timeout: float
) -> ScriptRun:
    """Run a script in a runtime of its own."""
    runtime = ScriptRuntime(policy)
    await runtime.start()
    try:
        return await runtime.call(script, event, timeout=timeout)
    finally:
        await runtime.close()


def report(result: ScriptRun) -> dict[str, Any]:
    """Return the result in the shape that is printed."""
    fault = result.fault
    return {
        "output": cleaned(result.output),
        "stdout": clean_text(result.console),
        "error": cleaned(
            fault and {"code": fault.code, "message": fault.message, "line": fault.line}
        ),
        "ms": round(result.ms, 3),
    }
