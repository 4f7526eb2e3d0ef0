"""A pipe whose other end a parent holds: when the parent is gone, however it went, it closes."""

import os
import signal
import threading
from collections.abc import Callable

VARIABLE = "BURNISH_LIFELINE"
GRACE_SECONDS = 3.0
"""How long a process gets to end by itself once its parent is gone."""


def guard() -> None:
    """End this process when the parent named in the environment ends; without one do nothing."""
    descriptor = os.environ.pop(VARIABLE, None)
    if descriptor is not None:
        watch(int(descriptor), _end)


def watch(descriptor: int, then: Callable[[], None]) -> None:
    """Call `then` in a thread of its own when the other end of the pipe closes."""
    os.set_inheritable(descriptor, False)

    def wait() -> None:
        while os.read(descriptor, 1):
            """Nothing is ever written; only the end counts."""
        then()

    threading.Thread(target=wait, name="lifeline", daemon=True).start()


def _end() -> None:
    """Ask this process to end; insist when it does not."""
    insist = threading.Timer(GRACE_SECONDS, os._exit, [1])
    insist.daemon = True
    insist.start()
    # To the main thread: a signal that another thread takes would not wake it.
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)


class Leash:
    """A lifeline from this process to children it forks.

    The forked child calls `child_holds()`: it closes its copy of the parent's end, watches the
    other, and so notices even a `kill -9` of its parent.
    """

    def __init__(self) -> None:
        """Open the pipe; made in the parent, before it forks."""
        self._child_end, self._parent_end = os.pipe()

    def child_holds(self) -> None:
        """End this process when the one that made the leash ends."""
        os.close(self._parent_end)
        watch(self._child_end, _end)
