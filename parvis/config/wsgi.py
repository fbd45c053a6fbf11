"""Django as a WSGI application; `parvis/config/asgi.py` runs it in threads."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.config.settings")
application = get_wsgi_application()
