"""The forms of a page, found as a browser finds them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

TEXTS = {"text", "search", "email", "url", "tel", "hidden", "date", "number", "time", "datetime-local", ""}
KEPT = {"csrfmiddlewaretoken"}


@dataclass
class Form:
    """One form: where it goes, and its fields with what they hold."""

    action: str
    method: str
    texts: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, list[str]] = field(default_factory=dict)

    def filled(self, text: str, *, hidden_too: bool = False) -> dict[str, object]:
        """Return what is sent when somebody types this into every field."""
        return {**self.chosen, **dict.fromkeys(self.texts, text)}


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        if not self.forms:
            return
        name, form = given.get("name", ""), self.forms[-1]
        if tag == "select":
            self._select = name
        if tag == "option" and self._select and "selected" in given:
            form.chosen[self._select] = [given.get("value", "")]
        if not name or name in KEPT:
            return
        kind = given.get("type", "text" if tag == "input" else "")
        if tag == "textarea" or (tag == "input" and kind in TEXTS and kind != "hidden"):
            form.texts[name] = given.get("value", "")
        elif tag == "input" and (kind == "hidden" or (kind in {"checkbox", "radio"} and "checked" in given)):
            form.chosen.setdefault(name, []).append(given.get("value", "on"))
        elif tag == "input" and kind == "radio":
            form.chosen.setdefault(name, [given.get("value", "on")])

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


def forms_of(html: str) -> list[Form]:
    """Return the forms of a page that send something."""
    finder = _Finder()
    finder.feed(html)
    return [form for form in finder.forms if form.texts or form.chosen or form.method == "post"]
