"""The web server: gunicorn with threads. This is its only configuration."""

from __future__ import annotations

from typing import Any

from gunicorn.app.base import BaseApplication

from config.cli.asking import start_django

THREADS = 8


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        super().__init__(prog="sharedesk web")

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from config.wsgi import application

        return application


def serve(host: str, port: int, processes: int) -> None:
    """Serve the pages, the API and the hooks until the process is told to end."""
    start_django()
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    _Server(
        {
            "bind": [place],
            "workers": processes,
            "worker_class": "config.gthread.Worker",
            "threads": THREADS,
            # Load the application once, before the fork: a further process then needs half the memory.
            "preload_app": True,
            "graceful_timeout": 10,
            "timeout": 60,
            # The main loop sends answers from memory (config/gthread.py), so `sendfile` cannot be used.
            "sendfile": False,
            "limit_request_line": 8190,
            "forwarded_allow_ips": "",
            "control_socket_disable": True,
            "accesslog": None,
            "loglevel": "warning",
        }
    ).run()
