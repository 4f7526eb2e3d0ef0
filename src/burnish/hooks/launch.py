"""Runs a program that may not use IPv6 or write core files: `launch.py PROGRAM ARGUMENT...`.

It is started as a program of its own, because limits like these can only be set by the process
they are for, and running Python between fork and exec is not safe in a program with threads.

Deno cannot be told to refuse ranges of IPv6 addresses (its --deny-net takes IPv6 addresses one by
one, and IPv4 ranges), and private ones hide among them. So the kernel refuses IPv6 sockets here.
"""

import ctypes
import os
import platform
import resource
import struct
import sys

AF_INET6 = 10
EAFNOSUPPORT = 97
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
RETURN_ALLOW, RETURN_KILL, RETURN_ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
LOAD, JUMP_IF_EQUAL, JUMP_IF_NOT_LESS, RETURN = 0x20, 0x15, 0x35, 0x06

# By machine: how seccomp calls the architecture, the number of socket(), and where foreign
# numbers begin (x86_64's x32 calls would otherwise pass by the filter).
MACHINES = {
    "x86_64": (0xC000003E, 41, 0x40000000),
    "aarch64": (0xC00000B7, 198, 0x40000000),
}


class Program(ctypes.Structure):
    """`struct sock_fprog` of linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def can_refuse_ipv6() -> bool:
    """Say whether this machine's kernel takes the filter below."""
    return sys.platform == "linux" and platform.machine() in MACHINES


def refuse_ipv6() -> None:
    """Make the kernel answer socket(AF_INET6, ...) with "not supported", for good."""
    architecture, socket, foreign = MACHINES[platform.machine()]
    instructions = [
        (LOAD, 0, 0, 4),
        (JUMP_IF_EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, RETURN_KILL),
        (LOAD, 0, 0, 0),
        (JUMP_IF_NOT_LESS, 4, 0, foreign),
        (JUMP_IF_EQUAL, 0, 2, socket),
        (LOAD, 0, 0, 16),
        (JUMP_IF_EQUAL, 1, 0, AF_INET6),
        (RETURN, 0, 0, RETURN_ALLOW),
        (RETURN, 0, 0, RETURN_ERRNO | EAFNOSUPPORT),
    ]
    code = ctypes.create_string_buffer(
        b"".join(struct.pack("HBBI", *line) for line in instructions)
    )
    program = Program(len(instructions), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    asked = libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
        PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0
    )
    if asked != 0:
        raise OSError(ctypes.get_errno(), "the kernel does not take the filter against IPv6")


if __name__ == "__main__":
    refuse_ipv6()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 - the arguments are Burnish's own
