"""Sealing anew what this room keeps sealed, when the service's key changes."""

from django.db import transaction

from burnish_server.enrichment.models import Kept, Provider, Run
from burnish_server.hooks import sealing

BATCH = 500


def reseal() -> int:
    """Seal everything anew with the first of the keys; return how many values that were.

    Kept answers go in batches, for they may be many; what comes meanwhile has the new key already.
    """
    count = 0
    with transaction.atomic():
        for row in Provider.objects.select_for_update().exclude(sealed={}):
            row.sealed = {name: sealing.reseal(text) for name, text in row.sealed.items()}
            row.save(update_fields=["sealed"])
            count += len(row.sealed)
        for run in Run.objects.select_for_update().exclude(sealed=""):
            run.sealed = sealing.reseal(run.sealed)
            run.save(update_fields=["sealed"])
            count += 1
    last, kept = "", Kept.objects.exclude(sealed="").order_by("key")
    while answers := list(kept.filter(key__gt=last)[:BATCH]):
        for answer in answers:
            answer.sealed = sealing.reseal(answer.sealed)
        Kept.objects.bulk_update(answers, ["sealed"])
        count, last = count + len(answers), answers[-1].key
    return count
