"""`burnish hooks`: hooks of a running service, their log, deliveries and secrets."""

import json
import sys
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from burnish_server.cli import database

if TYPE_CHECKING:  # the models exist only once Django is set up
    from django.db.models import QuerySet

    from burnish_server.hooks.models import Delivery, Hook, Run

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Named = Annotated[str, typer.Option("--hook", help="Only of this hook.")]

secrets_app = typer.Typer(help="Set what hooks use and nobody reads.", no_args_is_help=True)


def listed(as_json: Json = False, data_dir: database.DataDir = None) -> None:
    """List the hooks with how they did in the last 24 hours."""
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from django.utils import timezone

    from burnish_server.hooks import statistics
    from burnish_server.hooks.models import Hook

    hooks = list(Hook.objects.all())
    figures = statistics.of([hook.pk for hook in hooks], timezone.now())
    rows: list[dict[str, Any]] = [
        {
            "name": hook.name,
            "type": hook.kind,
            "events": hook.events,
            "enabled": hook.enabled,
            "on_error": hook.on_error,
            "calls": figures[hook.pk].calls,
            "failures": figures[hook.pk].failures,
            "p50_ms": figures[hook.pk].p50,
            "p95_ms": figures[hook.pk].p95,
        }
        for hook in hooks
    ]
    if as_json:
        return typer.echo(json.dumps(rows))
    _table(
        ("name", "type", "events", "enabled", "calls", "failed", "p50 ms", "p95 ms"),
        [
            (
                row["name"],
                row["type"],
                ", ".join(row["events"]) or "none",
                "yes" if row["enabled"] else "no",
                row["calls"],
                row["failures"],
                _ms(row["p50_ms"]),
                _ms(row["p95_ms"]),
            )
            for row in rows
        ],
    )


def log(
    hook: Named = "",
    user: Annotated[str, typer.Option(help="Only about this user: e-mail or id.")] = "",
    outcome: Annotated[
        str, typer.Option(help="Only allowed, denied, failed, deferred or delivered.")
    ] = "",
    count: Annotated[int, typer.Option("-n", min=1, max=10_000, help="How many.")] = 20,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on as they happen.")] = False,
    as_json: Json = False,
    data_dir: database.DataDir = None,
) -> None:
    """Show what hooks did, the latest last."""
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from burnish_server.hooks.models import Run
    from burnish_server.identity import lookup

    runs = Run.objects.order_by("-id")
    if hook:
        runs = runs.filter(hook_name=_hook(hook).name)
    if outcome:
        _require(outcome in Run.Outcome.values, f"There is no outcome {outcome}.")
        runs = runs.filter(outcome=outcome)
    if user:
        found = lookup.find(user)
        _require(found is not None, f"There is no user {user}.")
        runs = runs.filter(user_id=found.pk if found else None)
    shown = list(runs[:count])[::-1]
    last = shown[-1].pk if shown else 0
    for run in shown:
        typer.echo(_line(run, as_json))
    while follow:
        time.sleep(0.5)
        for run in runs.filter(pk__gt=last).order_by("id"):
            last = run.pk
            typer.echo(_line(run, as_json))


def deliveries(
    hook: Named = "",
    state: Annotated[str, typer.Option(help="pending, delivered or dead.")] = "",
    count: Annotated[int, typer.Option("-n", min=1, max=10_000, help="How many.")] = 20,
    as_json: Json = False,
    data_dir: database.DataDir = None,
) -> None:
    """Show events on their way to hooks, and those that were given up."""
    database.connect(data_dir)
    rows = [
        {
            "id": str(one.pk),
            "hook": one.hook.name,
            "event": one.event_type,
            "state": one.state,
            "attempts": one.attempts,
            "due_at": one.due_at.isoformat(timespec="seconds"),
            "error": one.error_message,
        }
        for one in _deliveries(hook, state).select_related("hook")[:count]
    ]
    if as_json:
        return typer.echo(json.dumps(rows))
    columns = ("id", "hook", "event", "state", "attempts", "error")
    _table(columns, [[row[column] for column in columns] for row in rows])


def replay(
    ids: Annotated[
        list[str] | None, typer.Argument(help="Deliveries, as `deliveries` shows.")
    ] = None,
    hook: Named = "",
    dead: Annotated[bool, typer.Option("--dead", help="All that were given up.")] = False,
    since: Annotated[float, typer.Option(min=0, help="Only of the last so many hours.")] = 0,
    data_dir: database.DataDir = None,
) -> None:
    """Have deliveries made again: some by their ids, or all that were given up."""
    if not ids and not dead:
        raise typer.BadParameter("Name deliveries, or say --dead for all that were given up.")
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from django.core.exceptions import ValidationError
    from django.db import transaction
    from django.utils import timezone

    from burnish_server.audit.log import Actor, record
    from burnish_server.hooks import deliveries as rooms

    which = _deliveries(hook, "dead" if dead else "")
    if since:
        which = which.filter(created_at__gte=timezone.now() - timedelta(hours=since))
    try:
        which = which.filter(pk__in=ids) if ids else which
        with transaction.atomic():
            done = rooms.replay(which)
            actor = Actor.at_command_line()
            record(actor, "replayed", "deliveries", "", hook or "all", {"deliveries": done})
    except ValidationError:
        _require(False, "A delivery's id is written as `burnish hooks deliveries` shows it.")
    typer.echo(f"{done} {'delivery is' if done == 1 else 'deliveries are'} made again now.")


@secrets_app.command("list")
def list_secrets(as_json: Json = False, data_dir: database.DataDir = None) -> None:
    """List secrets by name, and which hooks may use them. Values are never shown."""
    database.connect(data_dir)
    from burnish_server.hooks.models import Secret  # known once Django is set up

    rows = [
        {"name": one.name, "hooks": [hook.name for hook in one.hooks.all()]}
        for one in Secret.objects.prefetch_related("hooks")
    ]
    if as_json:
        return typer.echo(json.dumps(rows))
    _table(("name", "hooks"), [(row["name"], ", ".join(row["hooks"]) or "none") for row in rows])


@secrets_app.command("set")
def set_secret(
    name: Annotated[str, typer.Argument(help="In capitals, such as VENDOR_KEY.")],
    hooks: Annotated[
        list[str] | None, typer.Option("--hook", help="A hook that may use it; again for more.")
    ] = None,
    data_dir: database.DataDir = None,
) -> None:
    """Set a secret. Its value is read from standard input, or asked for."""
    value = (
        typer.prompt("Value", hide_input=True)
        if sys.stdin.isatty()
        else sys.stdin.read().rstrip("\n")
    )
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from burnish_server.audit.log import Actor, record
    from burnish_server.hooks import secrets

    granted = None if hooks is None else [_hook(hook) for hook in hooks]
    secret = secrets.put(name, value, granted)
    record(Actor.at_command_line(), "set", "secret", secret.pk, name, {"hooks": hooks or []})
    typer.echo(f"{name} is set.")


@secrets_app.command("remove")
def remove_secret(
    name: Annotated[str, typer.Argument(help="Its name.")],
    force: Annotated[bool, typer.Option("--force", help="Though scripts name it.")] = False,
    data_dir: database.DataDir = None,
) -> None:
    """Remove a secret."""
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from burnish_server.audit.log import Actor, record
    from burnish_server.hooks import secrets
    from burnish_server.hooks.models import Secret

    users = secrets.users_of(name)
    _require(
        force or not users, f"{name} is named by {', '.join(users)}; add --force to remove it."
    )
    gone, _ = Secret.objects.filter(name=name).delete()
    _require(bool(gone), f"There is no secret {name}.")
    record(Actor.at_command_line(), "removed", "secret", "", name)
    typer.echo(f"{name} is removed.")


@secrets_app.command("reseal")
def reseal(data_dir: database.DataDir = None) -> None:
    """Seal everything anew with the first of the keys in the settings."""
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from burnish_server.audit.log import Actor, record
    from burnish_server.cli import sealed

    count = sealed.reseal()
    record(Actor.at_command_line(), "resealed", "secrets", "", "all", {"values": count})
    typer.echo(f"{count} values are sealed with the first key; the others can go.")


@secrets_app.command("signing")
def signing(
    act: Annotated[str, typer.Argument(help="show, add or retire.")] = "show",
    data_dir: database.DataDir = None,
) -> None:
    """Show the secrets webhooks are signed with, add one, or retire the older of two.

    `add` takes one that receivers have already from standard input, if there is something.
    """
    _require(act in ("show", "add", "retire"), "Say show, add or retire.")
    database.connect(data_dir)
    # The models exist only once Django is set up, which `connect` does.
    from burnish_server.audit.log import Actor, record
    from burnish_server.hooks import signing as keys

    if act == "add":
        keys.add("" if sys.stdin.isatty() else sys.stdin.read().strip())
    elif act == "retire":
        keys.retire()
    record(Actor.at_command_line(), act, "signing key", "", "webhooks")
    for secret in keys.reveal():
        typer.echo(secret)


def _hook(name: str) -> "Hook":
    from burnish_server.hooks.models import Hook  # as above: only once Django is set up

    found = Hook.objects.filter(name=name).first()
    if found is None:
        _require(False, f"There is no hook {name}; `burnish hooks list` shows them.")
    assert found is not None  # noqa: S101 - we have given up above
    return found


def _deliveries(hook: str, state: str) -> "QuerySet[Delivery]":
    from burnish_server.hooks.models import Delivery  # as above: only once Django is set up

    found = Delivery.objects.all()
    if hook:
        found = found.filter(hook=_hook(hook))
    if state:
        _require(state in Delivery.State.values, f"There is no state {state}.")
        found = found.filter(state=state)
    return found


def _require(good: bool, sentence: str) -> None:
    if not good:
        typer.echo(f"burnish: {sentence}", err=True)
        raise typer.Exit(1)


def _line(run: "Run", as_json: bool) -> str:
    if as_json:
        told: dict[str, Any] = {
            "at": run.started_at.isoformat(),
            "hook": run.hook_name,
            "event": run.event_type,
            "user_id": run.user_id and str(run.user_id),
            "outcome": run.outcome,
            "ms": round(run.duration_ms, 3),
            "error": run.error_message,
            "line": run.error_line,
            "dropped": run.dropped,
            "console": run.console,
        }
        return json.dumps(told, ensure_ascii=False)
    place = f" line {run.error_line}:" if run.error_line else ""
    error = f"{place} {run.error_message}" if run.error_message else ""
    at = run.started_at.strftime("%Y-%m-%d %H:%M:%S")
    return f"{at} {run.hook_name} {run.event_type} {run.outcome} {run.duration_ms:.1f} ms{error}"


def _ms(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _table(columns: Any, rows: Any) -> None:
    table = Table(*columns)
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    Console(markup=False, highlight=False, emoji=False).print(table)
