"""The Django app that connects the bell to `sharing.signals`."""

from __future__ import annotations

from django.apps import AppConfig


class WorkersConfig(AppConfig):
    """Installed beside `sharing`. It rings the bell when deliveries are due."""

    name = "workers"
    label = "workers"

    def ready(self) -> None:
        from sharing.signals import on_deliveries_due  # noqa: PLC0415 - apps load before modules of theirs
        from workers.bell import ring  # noqa: PLC0415

        on_deliveries_due(ring)
