"""A small Internet: a resolver that says what a test wants, and addresses that lead to a server on loopback.

What is really connected to is recorded. Numbers are resolved as the C library does, so that its odd forms are seen.
"""

import socket
import threading

from sharing.net import exchange

PUBLIC = "93.184.216.34"
_real_getaddrinfo = socket.getaddrinfo


class Internet:
    """`names` say what a name resolves to: addresses, or a function; `ports` where a public port really is."""

    def __init__(self):
        self.names = {}
        self.default = None
        self.ports = {}
        self.connected = []

    def getaddrinfo(self, host, port, *, type, flags=0):
        try:
            return _real_getaddrinfo(host, port, type=type, flags=flags | socket.AI_NUMERICHOST)
        except socket.gaierror:
            if flags & socket.AI_NUMERICHOST:
                raise
        found = self.names.get(host, self.default)
        found = found() if callable(found) else found
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [entry for address in found for entry in _real_getaddrinfo(address, port, type=type)]

    def socket_class(self):
        internet, real = self, socket.socket

        class Socket(real):
            there = None

            def connect(self, address):
                internet.connected.append((address[0], address[1]))
                self.there = address
                port = internet.ports.get(address[1], address[1])
                super().connect(("127.0.0.1", port))

            def getpeername(self):
                return self.there or super().getpeername()

            @property
            def family(self):
                return socket.AF_INET

        def make(family=socket.AF_INET, kind=socket.SOCK_STREAM, protocol=0, fileno=None):
            del family  # whatever is asked for, it is on loopback
            return Socket(socket.AF_INET, kind, protocol, fileno)

        return make


class _Socket:
    """The module `socket` with two of its names changed."""

    def __init__(self, internet):
        self.getaddrinfo = internet.getaddrinfo
        self.socket = internet.socket_class()

    def __getattr__(self, name):
        return getattr(socket, name)


def open_internet(monkeypatch):
    """Let everything that fetches see this Internet."""
    internet = Internet()
    monkeypatch.setattr(exchange, "socket", _Socket(internet))
    return internet


def hang(seconds=30):
    """A name server that does not answer."""
    threading.Event().wait(seconds)
