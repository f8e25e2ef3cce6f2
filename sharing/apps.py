"""The Django app."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """Articles, shares and deliveries."""

    name = "sharing"
    label = "sharing"
    verbose_name = "Sharedesk"
    default_auto_field = "django.db.models.BigAutoField"
