"""Sessions in the database, as Django keeps them, looked up by a statement that is made once (`SESSION_ENGINE`)."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.db.models.functions import Now

from parvis.foundation.prepared import prepared


class SessionStore(db.SessionStore):
    """Django's, but for the look-up, which every page asks for."""

    def _get_session_from_db(self) -> Session | None:
        found = _session(self.session_key or "")
        if not found:
            self._session_key = None
            return None
        return found[0]


@prepared
def _session(session_key: str) -> QuerySet[Session]:
    return Session.objects.filter(session_key=session_key, expire_date__gt=Now())
