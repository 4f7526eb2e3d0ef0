"""Runs a program that may not listen, nor use IPv6: `launch.py private|public PROGRAM ARGUMENT...`.

It is started as a program of its own, because limits like these can only be set by the process
they are for, and running Python between fork and exec is not safe in a program with threads.

Deno's permission for the network includes listening, and it cannot be told to refuse ranges of
IPv6 addresses (--deny-net takes ranges of IPv4 only), among which private ones hide. So the kernel
refuses both here; "private" leaves IPv6 open, for when private addresses are allowed.
"""

import ctypes
import os
import platform
import resource
import struct
import sys

AF_INET6 = 10
EACCES, EAFNOSUPPORT = 13, 97
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
RETURN_ALLOW, RETURN_KILL, RETURN_ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
LOAD, JUMP_IF_EQUAL, JUMP_IF_NOT_LESS, RETURN = 0x20, 0x15, 0x35, 0x06
# Where x86_64's x32 calls begin, which would otherwise pass by the filter under other numbers.
FOREIGN = 0x40000000

# By machine: how seccomp names the architecture, and the numbers of socket() and listen().
MACHINES = {"x86_64": (0xC000003E, 41, 50), "aarch64": (0xC00000B7, 198, 201)}


class Program(ctypes.Structure):
    """`struct sock_fprog` of linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def can_refuse() -> bool:
    """Say whether this machine's kernel takes the filter below."""
    return sys.platform == "linux" and platform.machine() in MACHINES


def instructions(ipv6: bool) -> list[tuple[int, int, int, int]]:
    """Return the filter as (operation, lines to skip if so, if not, operand) a line."""
    architecture, socket, listen = MACHINES[platform.machine()]
    return [
        (LOAD, 0, 0, 4),
        (JUMP_IF_EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, RETURN_KILL),
        (LOAD, 0, 0, 0),
        (JUMP_IF_NOT_LESS, 5, 0, FOREIGN),
        (JUMP_IF_EQUAL, 4, 0, listen),
        (JUMP_IF_EQUAL, 0, 2, socket),
        (LOAD, 0, 0, 16),
        (JUMP_IF_EQUAL, 2, 0, AF_INET6),
        (RETURN, 0, 0, RETURN_ALLOW),
        (RETURN, 0, 0, RETURN_ERRNO | EACCES),
        (RETURN, 0, 0, RETURN_ALLOW if ipv6 else RETURN_ERRNO | EAFNOSUPPORT),
    ]


def refuse(ipv6: bool) -> None:
    """Have the kernel refuse listen() and, unless `ipv6`, IPv6 sockets, for good."""
    lines = instructions(ipv6)
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in lines))
    program = Program(len(lines), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    failed = libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
        PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0
    )
    if failed:
        raise OSError(ctypes.get_errno(), "the kernel does not take the filter for scripts")


if __name__ == "__main__":
    refuse(ipv6=sys.argv[1] == "private")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 - the arguments are Burnish's own
