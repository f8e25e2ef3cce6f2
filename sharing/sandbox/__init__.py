"""Fake platforms on loopback that refuse what the real ones refuse. Imports nothing of the product."""

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
    """Runs the sandbox until SIGTERM or SIGINT and returns the exit code.

    Port 0 takes a free one. When both listeners are ready, prints exactly one JSON line on stdout:
    {"url": "http://127.0.0.1:PORT", "smtp_port": N}. `loud` tells each request on stderr, secrets left out.
    """
    # Imported here, so that who only imports the package pays for nothing.
    from sharing.sandbox.wire.serve import run  # noqa: PLC0415

    return run(port, smtp_port, faults, seed, host, loud=loud)


__all__ = ["main"]
