"""The layers around Django in one ASGI process: proxies, bodies, sent files, static files, headers, lifespan.

Each is a small ASGI application that wraps another; `parvis/config/asgi.py` puts them together.
"""
