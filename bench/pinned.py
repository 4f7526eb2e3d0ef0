"""On which processors a process may run, and how much of them it took."""

import os
from collections.abc import Iterable
from typing import Any

import psutil

FIRST, REST = (
    (sorted(os.sched_getaffinity(0))[:1], sorted(os.sched_getaffinity(0))[1:])
    if hasattr(os, "sched_getaffinity") and len(os.sched_getaffinity(0)) > 1
    else (None, None)
)


def starts(cpus: Iterable[int] | None) -> dict[str, Any]:
    """Return options for `subprocess` that keep a process, and those it starts, to processors.

    None, which is what a machine gets that has one processor or no such notion, means any.
    """
    if cpus is None:
        return {}
    kept = set(cpus)
    return {"preexec_fn": lambda: os.sched_setaffinity(0, kept)}


def spent(pids: Iterable[int]) -> float:
    """Return the seconds of processor time these processes and theirs, ended ones too, took."""
    total = 0.0
    for pid in pids:
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total
