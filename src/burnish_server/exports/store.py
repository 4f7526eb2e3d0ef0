"""Exports, in and out of the database.

The file lies in the database, in sealed pieces: whichever machine's worker wrote it, every
machine's web process can hand it over.
"""

import zlib
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from burnish_server.audit.log import Actor, record
from burnish_server.exports import columns
from burnish_server.exports.models import Chunk, Run
from burnish_server.hooks import sealing
from burnish_server.identity.models import User
from burnish_server.profiles import store as profiles

TASK = "burnish_server.exports.tasks.go_on"
PREFIX = "userexport_"
SIGNED_SECONDS = 60
"""How long an address can be downloaded from."""

_signer = TimestampSigner(salt="burnish.exports")


def create(
    format: str,
    fields: Sequence[tuple[str, str | None]] | None,
    actor: Actor,
    *,
    request: dict[str, Any] | None = None,
    secrets: str = Run.Secrets.NONE,
    work: bool = True,
) -> Run:
    """Begin an export of all users; without `work` the caller sees to it. Raises `Unfit`.

    `fields` are the columns of a CSV file, pointers and names; None has all there are. `secrets`
    says whose secrets of authenticator apps go into it: see `Run.Secrets`.
    """
    run = Run(format=format, door=actor.door, actor=actor.name, request=request or {})
    run.secrets = secrets
    if format == Run.Format.CSV:
        chosen = columns.default(profiles.schema()) if fields is None else columns.chosen(fields)
        run.columns = [list(one) for one in chosen]
        pointer = columns.revealing(chosen) if fields is not None else None
        if pointer and secrets == Run.Secrets.NONE:
            raise columns.NotRevealed(pointer)
    with transaction.atomic():
        run.total = User.objects.count()
        run.save(force_insert=True)
        record(actor, "began", "export", run.pk, run, {"format": format, "secrets": secrets})
        if work:
            defer(run.pk)
    return run


def find(id: str) -> Run | None:
    """Return the export with this id, with or without its prefix."""
    try:
        return Run.objects.filter(pk=UUID(id.removeprefix(PREFIX))).first()
    except ValueError:
        return None


def put(run: Run, content: bytes) -> None:
    """Add a piece to the file; call it in the transaction that moves the cursor."""
    sealed = sealing.seal_bytes(zlib.compress(content, 1))
    Chunk.objects.create(run=run, number=run.chunks, sealed=sealed)
    run.chunks += 1
    run.size += len(content)


def content(run: Run) -> Iterator[bytes]:
    """Yield the file a piece at a time."""
    for number in range(run.chunks):
        piece = Chunk.objects.filter(run=run, number=number).first()
        if piece is None:
            return
        yield zlib.decompress(sealing.unseal_bytes(bytes(piece.sealed)))


def sign(run: Run) -> str:
    """Return a text by which whoever has it may download the file, for a minute."""
    return _signer.sign(str(run.pk))


def signed(text: str) -> Run | None:
    """Return the export a signed text stands for; None where it is none, or too old."""
    try:
        return find(_signer.unsign(text, max_age=SIGNED_SECONDS))
    except BadSignature:
        return None


def defer(run_id: UUID) -> None:
    """Have a worker go on with an export, unless one is about to."""
    lock = f"exports.{run_id}"
    try:
        # In a transaction of its own: the lock's refusal would spoil the one around.
        with transaction.atomic():
            app.configure_task(TASK, lock=lock, queueing_lock=lock).defer(run=str(run_id))
    except AlreadyEnqueued:
        pass
