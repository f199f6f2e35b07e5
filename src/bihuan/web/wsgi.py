"""The application that a WSGI server such as granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.web.settings")

application = get_wsgi_application()
