"""The socket the service listens on: opened once, and inherited by whoever answers.

While a process that accepts is killed and started again, the socket stays open in its parent:
connections wait in the kernel's queue, and none is refused.
"""

import asyncio
import errno
import os
import socket

from burnish.errors import BurnishError

VARIABLE = "BURNISH_LISTENER"
"""The environment variable by which a child learns which descriptor it inherited."""

BACKLOG = 1024


class PortInUse(BurnishError):
    """The port is in use; stop what listens there, or choose another with --port."""

    code = "port_in_use"


class AddressUnusable(BurnishError):
    """The address cannot be listened on; choose another with --host and --port."""

    code = "address_unusable"


async def listen_when_free(host: str, port: int, patience: float) -> socket.socket:
    """Return a socket that listens on `host:port`, once that is free.

    `patience` is how many seconds the rest of a service that was killed gets to leave the port.
    Raises `PortInUse` or `AddressUnusable`.
    """
    deadline = asyncio.get_running_loop().time() + patience
    while True:
        try:
            return listen(host, port)
        except PortInUse:
            if asyncio.get_running_loop().time() > deadline:
                raise
        await asyncio.sleep(0.1)


def inherited_or_listen(host: str, port: int) -> socket.socket:
    """Return the listening socket a parent handed down, or a new one.

    Raises `PortInUse` or `AddressUnusable`.
    """
    descriptor = os.environ.pop(VARIABLE, None)
    return listen(host, port) if descriptor is None else socket.socket(fileno=int(descriptor))


def listen(host: str, port: int) -> socket.socket:
    """Return a new socket that listens. Raises `PortInUse` or `AddressUnusable`."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind)
    except OSError as error:
        raise _unusable(host, port, error) from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise _unusable(host, port, error) from None
    listener.setblocking(False)
    return listener


def _unusable(host: str, port: int, error: OSError) -> BurnishError:
    if error.errno == errno.EADDRINUSE:
        return PortInUse(
            f"Port {port} of {host} is in use; "
            "stop what listens there, or choose another with --port."
        )
    return AddressUnusable(
        f"Cannot listen on {host}:{port} ({error.strerror}); "
        "choose another address with --host and --port."
    )
