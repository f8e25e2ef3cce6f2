"""The WSGI application of the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
_django = get_wsgi_application()

from sharing.web.guard import guarded  # noqa: E402 - needs the apps

application = guarded(_django)
