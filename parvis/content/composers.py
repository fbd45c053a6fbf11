"""What a composer needs to know: where one may write, what it posts, and the addresses that it asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from parvis.content.attachments import composer_face
from parvis.content.later import later_extra
from parvis.content.models import Attachment, Entry
from parvis.foundation.addresses import reverse, url_or_none
from parvis.foundation.tenancy import new_id
from parvis.people.models import Person
from parvis.spaces import policy as spaces_policy
from parvis.spaces.models import Space

# What was typed into fields, each maybe several times.
Typed = dict[str, list[str]]


@dataclass(frozen=True, kw_only=True)
class Extra:
    """What a post may carry beside its text and files: a feature's fields in the composer of posts.

    `template` draws them (it gets `name`, `typed`, `extra`), `values()` says what they offer, `save` takes what was
    typed in the transaction of the post, or refuses the whole with `Invalid`. A draft keeps its `fields`, says in
    its list what `summary` makes of them, and `typed` gives them back of a post that waits. Registered by
    `composing` modules.
    """

    name: str
    template: str
    save: Callable[[Person, Entry, QueryDict], None]
    values: Callable[[], dict[str, Any]] = dict
    fields: tuple[str, ...] = ()
    summary: Callable[[QueryDict], str] = lambda data: ""
    typed: Callable[[Entry], Typed] = lambda entry: {}


_extras: dict[str, Extra] = {}


def register_extra(extra: Extra) -> Extra:
    """Add fields to the composer of posts; the same name twice is an error."""
    if extra.name in _extras:
        raise ValueError(f"the composer has {extra.name!r} already")
    _extras[extra.name] = extra
    return extra


def save_extras(author: Person, entry: Entry, data: QueryDict) -> None:
    """Let each feature take what was typed for it."""
    for extra in _extras.values():
        extra.save(author, entry, data)


def fields_of_extras(data: QueryDict) -> Typed:
    """Return what was typed into the fields of features, and the hour of a post that is to wait; empty ones left out."""
    names = ["publish_at", *(name for extra in _extras.values() for name in extra.fields)]
    found = {name: data.getlist(name) for name in names}
    return {name: values for name, values in found.items() if any(value.strip() for value in values)}


def typed_of(entry: Entry) -> Typed:
    """Return what would have to be typed for what a waiting post carries."""
    return {name: values for extra in _extras.values() for name, values in extra.typed(entry).items()}


def as_data(typed: Typed) -> QueryDict:
    """Return what was typed as a form sends it."""
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, list(values))
    return data


def summaries_of(typed: Typed) -> list[str]:
    """Return in a few words what a draft carries beside its text."""
    data = as_data(typed)
    return [text for extra in _extras.values() if (text := extra.summary(data))]


def shown_extras() -> list[dict[str, Any]]:
    """Return the fields that features add to the composer of posts."""
    return [{"template": extra.template, "offers": extra.values()} for extra in _extras.values()]


@dataclass
class Composer:
    """The arguments of the macro in components/composer.html, as `composer(**c.arguments)`."""

    action: str
    key: str
    value: str = ""
    title: str = ""
    label: str = ""
    placeholder: str = ""
    submit: str = ""
    with_title: bool = False
    spaces: list[tuple[UUID, str]] = field(default_factory=list)
    space: UUID | str = ""
    attachments: list[dict[str, Any]] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    compact: bool = False
    version: int | None = None
    id: str = ""
    attrs: dict[str, Any] = field(default_factory=dict)
    extras: list[dict[str, Any]] = field(default_factory=list)
    # What was sent and comes back, for the fields of `extras`.
    typed: QueryDict | None = None

    @property
    def arguments(self) -> dict[str, Any]:
        """Return what the macro takes."""
        asked = f"?space={self.space}" if self.space else ""
        return {
            **self.__dict__,
            "mention_url": reverse("content:mention_suggestions") + asked,
            "topics_url": url_or_none("topics:suggestions"),
            "draft_url": url_or_none("drafts:draft", self.key),
            "upload_url": url_or_none("api:begin_upload"),
            "preview_url": reverse("content:preview") + asked,
            "arrivals_url": url_or_none("worktime:arrivals"),
        }


def post_composer(
    viewer: Person, spaces: Sequence[Space], *, chosen: UUID | str | None = None
) -> Composer | None:
    """Return the composer of a post for those of these spaces where the viewer may post; None when there is none."""
    writable = [space for space in spaces if spaces_policy.can(viewer, "post", space)]
    if not writable:
        return None
    ids = {str(space.id): space.id for space in writable}
    return Composer(
        action=reverse("content:publish"),
        key="post" if len(writable) > 1 else f"post-{writable[0].id}",
        id=str(new_id()),
        label=_("Your post"),
        submit=_("Publish"),
        with_title=True,
        spaces=[(space.id, space.name) for space in writable],
        space=ids.get(str(chosen), writable[0].id),
        attrs={"hx-post": reverse("content:publish"), "hx-target": "#feed", "hx-swap": "afterbegin"},
        extras=[*shown_extras(), later_extra()],
    )


def reply_composer(viewer: Person, entry: Entry) -> Composer:
    """Return the composer of an answer to an entry."""
    address = reverse("content:replies", args=[entry.id])
    # At the end of the thread, or anew the branch that holds the comment.
    place = (
        {"hx-target": "#thread", "hx-swap": "beforeend"}
        if entry.is_root
        else {"hx-target": f"#entry-{entry.id}"}
    )
    return Composer(
        action=address,
        key=f"reply-{entry.id}",
        id=str(new_id()),
        label=_("Your comment"),
        placeholder=_("Write a comment…")
        if entry.is_root
        else _("Answer %(name)s…") % {"name": entry.author.full_name},
        submit=_("Reply"),
        space=entry.space_id,
        compact=True,
        attrs={"hx-post": address, **place},
    )


def edit_composer(entry: Entry, attachments: Sequence[Attachment], *, place: str) -> Composer:
    """Return the composer of an edit: it names the version that it read."""
    address = f"{reverse('content:text', args=[entry.id])}?place={place}"
    return Composer(
        action=address,
        key=f"edit-{entry.id}-{entry.version}",
        value=entry.body,
        title=entry.title,
        label=_("Your text"),
        submit=_("Save"),
        with_title=entry.is_root,
        space=entry.space_id,
        version=entry.version,
        attachments=[composer_face(attachment) for attachment in attachments],
        attrs={"hx-post": address, "hx-target": f"#entry-{entry.id}", "hx-swap": "outerHTML"},
    )
