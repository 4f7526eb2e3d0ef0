"""granian, listening on a socket that outlives its workers and, under a supervisor, itself."""

import socket

from granian.net import SocketHolder
from granian.server.mp import MPServer


class WebServer(MPServer):
    """A server whose workers inherit one socket, rather than each open one of its own.

    granian does this by itself wherever it cannot rely on SO_REUSEPORT, under which a worker that
    dies takes its queue of connections along and leaves the port closed if it was the last.
    """

    listener: socket.socket

    def _init_shared_socket(self) -> None:
        self.listener.set_inheritable(True)
        self._ssp = None
        self._sfd = self.listener.fileno()
        self._shd = SocketHolder(self._sfd, False, self.backlog)
        self._sso = self.listener
