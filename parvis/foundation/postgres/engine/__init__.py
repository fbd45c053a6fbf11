"""Django's PostgreSQL backend with what it spends per request taken out (`ENGINE` of DATABASES)."""
