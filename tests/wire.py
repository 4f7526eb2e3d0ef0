"""A port that leads to a server's Unix socket, as a tunnel or a pooler would."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Relay:
    """Takes connections on 127.0.0.1:`port`, in a thread of its own, and passes bytes on."""

    def __init__(self, socket: str) -> None:
        self.socket = socket
        self.port = 0
        self._ready, self._end = threading.Event(), asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    @contextmanager
    def running(self) -> Iterator["Relay"]:
        """Relay until the block ends."""
        thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        thread.start()
        assert self._ready.wait(10)
        assert self._loop is not None
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(self._end.set)
            thread.join(10)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._end.wait()
        server.close()

    async def _meet(self, reads: asyncio.StreamReader, writes: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self.socket)
        try:
            await asyncio.gather(_pass(reads, back), _pass(there, writes))
        except asyncio.CancelledError:
            return
        finally:
            for writer in (back, writes):
                writer.transport.abort()


async def _pass(reads: asyncio.StreamReader, writes: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reads.read(65536):
            writes.write(data)
            await writes.drain()
    writes.close()
