"""Whether the port is free."""

import asyncio
import errno
import socket

from burnish.errors import BurnishError


class PortInUse(BurnishError):
    """The port is in use; stop what listens there, or choose another with --port."""

    code = "port_in_use"


class AddressUnusable(BurnishError):
    """The address cannot be listened on; choose another with --host and --port."""

    code = "address_unusable"


async def wait_until_free(host: str, port: int, patience: float) -> None:
    """Return when `host:port` can be listened on.

    `patience` is how many seconds the rest of a service that was killed gets to leave the port.
    Raises `PortInUse` or `AddressUnusable`.
    """
    deadline = asyncio.get_running_loop().time() + patience
    while True:
        try:
            return _try(host, port)
        except PortInUse:
            if asyncio.get_running_loop().time() > deadline:
                raise
        await asyncio.sleep(0.1)


def _try(host: str, port: int) -> None:
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(
                f"Port {port} of {host} is in use; "
                "stop what listens there, or choose another with --port."
            ) from None
        raise AddressUnusable(
            f"Cannot listen on {host}:{port} ({error.strerror}); "
            "choose another address with --host and --port."
        ) from None
