"""`burnish enrich FILE`: carries an order out, and says what came of it on stderr."""

from pathlib import Path

import typer

from burnish.cli.progress import Watching
from burnish.cli.table import show
from burnish.enrichment.files import job
from burnish.enrichment.files.ending import STDIO
from burnish.enrichment.files.estimate import Estimate, estimate
from burnish.enrichment.files.job import Report
from burnish.enrichment.files.order import Order, Ready, prepare


def fill(order: Order) -> None:
    """Enrich a file.

    Ends with status 1 where rows of it are not in the output, or a vendor gave no answer.
    """
    try:
        with _prepared(order) as ready, Watching() as watch:
            report = job.run(ready, watch, watch.say)
    except KeyboardInterrupt:
        is_kept = STDIO not in (order.source, order.target)
        _say("Stopped. The same command goes on from here." if is_kept else "Stopped.")
        raise typer.Exit(130) from None
    _say(_summary(order, report))
    for line in _remarks(order, report):
        _say(line)
    if report.tally.broken or report.tally.count("unanswered"):
        raise typer.Exit(1)


def foretell(order: Order) -> None:
    """Say what enriching a file would take."""
    with _prepared(order) as ready, Watching() as watch:
        expected = estimate(ready, watch)
    show(_COLUMNS, _calls(expected))
    typer.echo(
        f"{expected.rows:,} rows; likely cost {expected.likely:f}, at most {expected.most:f}. "
        "Nobody was asked."
    )
    if expected.broken:
        typer.echo(f"{expected.broken:,} rows cannot be read.")
    if order.budget is not None and expected.likely > order.budget:
        typer.echo(f"The budget of {order.budget} will not do for all of it.")


def _prepared(order: Order) -> Ready:
    ready = prepare(order)
    for words in ready.out_of_reach.values():
        _say(f"Note: {words}.")
    return ready


_COLUMNS = ("provider", "asked first", "asked if those have nothing", "price", "likely", "most")


def _calls(expected: Estimate) -> list[tuple[str, ...]]:
    if not expected.calls:
        return [("local providers only", "0", "0", "0", "0", "0")]
    return [
        (
            calls.provider,
            f"{calls.first:,}",
            f"{calls.later:,}",
            f"{calls.price:f}",
            f"{calls.price * calls.first:f}",
            f"{calls.price * (calls.first + calls.later):f}",
        )
        for calls in expected.calls
    ]


def _summary(order: Order, report: Report) -> str:
    tally = report.tally
    new = tally.rows + tally.broken - report.resumed
    rate = new / max(report.seconds, 0.001)
    target = "stdout" if order.target == STDIO else str(order.target)
    words = f"{tally.rows:,} rows in {target}, {tally.hit_rate:.0%} of what was wanted found"
    if report.resumed:
        words += f"; {report.resumed:,} of them by a run before"
    return f"{words}; {report.seconds:,.1f} s, {rate:,.0f} rows/s; {report.spent:f} spent."


def _remarks(order: Order, report: Report) -> list[str]:
    tally, lines = report.tally, []
    outcomes = ("found", "miss", "failed", "kept")
    for name in sorted({provider for provider, _ in tally.lookups}):
        counts = {word: tally.lookups[name, word] for word in outcomes}
        if any(counts.values()):
            said = ", ".join(f"{count:,} {word}" for word, count in counts.items() if count)
            lines.append(f"  {name}: {said}")
    if report.unmade:
        words = (
            f"The budget of {order.budget} was used up: {report.unmade:,} lookups were not made."
        )
        lines.append(words)
    if report.side is not None:
        lines.append(_side(report.side, tally.broken, tally.noted))
    if unanswered := tally.count("unanswered"):
        lines.append(
            f"{unanswered:,} lookups had no answer; the same command asks for these alone, and "
            "for what was not kept."
        )
    return lines


def _side(side: Path, broken: int, noted: int) -> str:
    parts = []
    if broken:
        parts.append(f"{broken:,} rows could not be read and are not in the output")
    if noted:
        parts.append(f"{noted:,} times a value or an answer could not be used")
    return f"{' and '.join(parts)}; see {side}."


def _say(words: str) -> None:
    typer.echo(words, err=True)
