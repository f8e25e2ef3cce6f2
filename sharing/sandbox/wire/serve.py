"""Starts and stops both listeners."""

from __future__ import annotations

import json
import logging
import signal
import sys
import threading

from sharing.sandbox.faults.plan import SpecError
from sharing.sandbox.mail import MailServer, Relay
from sharing.sandbox.sandbox import Sandbox
from sharing.sandbox.wire.http import Server


class Listeners:
    """A running sandbox: HTTP on `url`, SMTP on `smtp_port`. Raises SpecError, OSError."""

    def __init__(
        self,
        port: int = 0,
        smtp_port: int = 0,
        faults: str | None = None,
        seed: int = 0,
        *,
        host: str = "127.0.0.1",
        loud: bool = False,
    ) -> None:
        self.sandbox = Sandbox(faults, seed, loud=loud)
        sandbox = self.sandbox
        self._http = Server((host, port), sandbox.reply)
        try:
            self._mail = MailServer(
                host, smtp_port, Relay(sandbox.accounts, sandbox.records, sandbox.later, sandbox.plan)
            )
        except OSError:
            self._http.server_close()
            raise
        sandbox.smtp_port = self._mail.port
        self.url = f"http://{host}:{self._http.server_address[1]}"
        self.smtp_port = self._mail.port
        self._thread = threading.Thread(target=self._http.serve_forever, name="http", daemon=True)

    def start(self) -> Listeners:
        self._mail.start()
        self._thread.start()
        return self

    def stop(self) -> None:
        """End both listeners and every waiting answer."""
        self.sandbox.closing.set()
        self._http.stop()
        self._mail.stop()
        self._thread.join(timeout=5)


ENDS = frozenset({signal.SIGTERM, signal.SIGINT})


def run(port: int, smtp_port: int, faults: str | None, seed: int, host: str, *, loud: bool) -> int:
    """Run a sandbox until SIGTERM or SIGINT. Returns 0, or 2 with one line on stderr if it cannot start.

    Call it in the main thread. The signals are blocked in every thread, and the main thread waits for them: a signal
    handler could run between a check and the wait, and the signal would be lost.
    """
    # aiosmtpd logs every client's actions; the sandbox has its own log.
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)
    try:
        sandbox = Listeners(port, smtp_port, faults, seed, host=host, loud=loud).start()
    except SpecError as why:
        sys.stderr.write(f"--faults: {why}\n")
        return 2
    except (OSError, OverflowError) as why:
        sys.stderr.write(f"The sandbox cannot listen on {host}:{port} and {smtp_port}: {why}\n")
        return 2
    else:
        sys.stdout.write(json.dumps({"url": sandbox.url, "smtp_port": sandbox.smtp_port}) + "\n")
        sys.stdout.flush()
        signal.sigwait(ENDS)
        sandbox.stop()
        return 0
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
