"""Servers on loopback that answer in ways no honest server does."""

import re
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def page(body=b"<html>", *headers, status="200 OK"):
    """A plain whole answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


@contextmanager
def server(answer, tls=None):
    """Serves each connection by `answer(connection, request)`; gives its port and the requests that came."""
    listener = socket.create_server(("127.0.0.1", 0))
    requests = []

    def one(connection):
        with suppress(OSError), connection:
            connection.settimeout(10)
            if tls is None:
                talk(connection)
                return
            with tls.wrap_socket(connection, server_side=True) as secured:
                talk(secured)

    def talk(connection):
        request = b""
        while b"\r\n\r\n" not in request:
            data = connection.recv(65536)
            if not data:
                return
            request += data
        length = re.search(rb"(?i)content-length: (\d+)", request)
        # What is left unread would end the connection with a reset, and the answer with it.
        while length and len(request.partition(b"\r\n\r\n")[2]) < int(length[1]):
            request += connection.recv(65536)
        requests.append(request)
        answer(connection, request)

    def run():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=one, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], requests
    finally:
        with suppress(OSError), socket.create_connection(listener.getsockname(), 1):
            pass
        listener.close()


def says(data):
    """Always answers these bytes."""
    return lambda connection, _request: connection.sendall(data)


def certified(folder, *names, days=1):
    """A TLS context for these names, and the file of the authority that vouches for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(each) for each in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, secret)
    return context, str(chain)
