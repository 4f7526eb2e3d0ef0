"""Keeps a process within a bound of memory, beyond what it had to begin with (Linux)."""

import os
import resource


class MemoryBound:
    """`allowance` bytes more than the process `pid` has at this moment.

    `reserved` more may be mapped, but not filled.
    """

    def __init__(self, pid: int, allowance: int, reserved: int = 0) -> None:
        """Have the kernel refuse memory beyond the bound, and remember what may be resident."""
        data, resident = pages(pid)[5], pages(pid)[1]
        page = os.sysconf("SC_PAGE_SIZE")
        limit = data * page + allowance + reserved
        resource.prlimit(pid, resource.RLIMIT_DATA, (limit, limit))
        self._pid = pid
        self._resident_pages = resident + allowance // page

    def broken(self) -> bool:
        """Say whether more is resident than may be: shared memory is not the kernel's to refuse."""
        try:
            return pages(self._pid)[1] > self._resident_pages
        except (OSError, IndexError):
            return False  # the process has just ended


def pages(pid: int) -> list[int]:
    """Return the numbers of /proc/PID/statm (proc(5)), in pages; raise OSError when it is gone."""
    with open(f"/proc/{pid}/statm", "rb") as file:
        return [int(number) for number in file.read().split()]
