"""Fake platforms on loopback. They refuse what the real ones refuse. The package imports nothing of the product."""

from __future__ import annotations


def main(
    port: int,
    smtp_port: int,
    faults: str | None,
    seed: int,
    host: str = "127.0.0.1",
    *,
    loud: bool = False,
) -> int:
    """Run the sandbox until SIGTERM or SIGINT and return the exit code.

    Port 0 takes a free port. When both listeners are ready, print exactly one JSON line on stdout:
    {"url": "http://127.0.0.1:PORT", "smtp_port": N}. `loud` reports each request on stderr, without secrets.
    """
    # Imported here, so that importing the package alone stays cheap.
    from sharing.sandbox.wire.serve import run  # noqa: PLC0415

    return run(port, smtp_port, faults, seed, host, loud=loud)


__all__ = ["main"]
