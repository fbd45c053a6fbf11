"""Write articles, with their covers and tags; name who writes the organization's news."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.articles.models import STANDFIRST_LIMIT, Article, Coauthor, NewsEditor
from parvis.articles.policy import may_name_editors
from parvis.articles.queries import coauthors_of, tags_of
from parvis.content import actions as content
from parvis.content.actions import AttachmentDraft
from parvis.content.hashtags import tag_entry
from parvis.content.models import Entry
from parvis.foundation.audit import audit
from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.models import StoredFile
from parvis.foundation.richtext import clean_text, hashtag_name
from parvis.people.models import Person
from parvis.search.index import index_entries
from parvis.spaces.models import Space

TAG_LIMIT = 10
COAUTHOR_LIMIT = 10
# The name of what an article's card shows (parvis/content/parts.py).
PART = "article"


@dataclass(frozen=True, kw_only=True)
class Manuscript:
    """An article as somebody wrote it."""

    title: str
    body: str
    standfirst: str = ""
    tags: Sequence[str] = ()
    cover: AttachmentDraft | None = None
    attachments: Sequence[AttachmentDraft] = ()
    coauthors: Sequence[Person] = ()

    @property
    def files(self) -> list[AttachmentDraft]:
        """Return the cover and the other files, each once."""
        cover = [self.cover] if self.cover else []
        return cover + [file for file in self.attachments if not cover or file.file_id != cover[0].file_id]


def kept_manuscript(entry: Entry) -> Manuscript:
    """Return an article as it is kept, to be changed."""
    article = Article.objects.filter(entry=entry).first() or Article(entry=entry)
    files = content.drafts_of_files(entry)
    return Manuscript(
        title=entry.title,
        body=entry.body,
        standfirst=article.standfirst,
        tags=list(tags_of(entry)),
        cover=next((file for file in files if file.file_id == article.cover_id), None),
        attachments=[file for file in files if file.file_id != article.cover_id],
        coauthors=coauthors_of(entry),
    )


def begin_article(*, author: Person, space: Space, manuscript: Manuscript, id: UUID | None = None) -> Entry:
    """Keep a new article as a draft: its author and the hosts of the space see it."""
    names = _checked(manuscript)
    with transaction.atomic():
        entry = content.save_draft(
            author=author,
            space=space,
            kind="article",
            title=manuscript.title,
            body=manuscript.body,
            attachments=manuscript.files,
            id=id,
        )
        if entry.is_unpublished:
            _keep_beside(entry, manuscript, names)
    return entry


def edit_article(*, editor: Person, entry: Entry, manuscript: Manuscript, expected_version: int) -> Entry:
    """Change an article, a draft or a published one; `Conflict` when somebody else did meanwhile."""
    names = _checked(manuscript)
    with transaction.atomic():
        entry = content.edit_entry(
            editor=editor,
            entry=entry,
            title=manuscript.title,
            body=manuscript.body,
            expected_version=expected_version,
            attachments=manuscript.files,
        )
        _keep_beside(entry, manuscript, names)
        # The text was indexed when it was written; what stands beside it changed after.
        index_entries([entry.id])
    return entry


def _checked(manuscript: Manuscript) -> list[str]:
    """Return the tags' names; `Invalid` for what cannot be stored."""
    errors: dict[str, list[str]] = {}
    if len(manuscript.standfirst) > STANDFIRST_LIMIT:
        text = _("The standfirst is longer than %(limit)s characters.")
        errors["standfirst"] = [text % {"limit": STANDFIRST_LIMIT}]
    names = {typed: hashtag_name(typed) for typed in manuscript.tags if typed.strip()}
    if wrong := [typed for typed, name in names.items() if name is None]:
        errors["tags"] = [_("A tag is a word, with a letter at least: %(tag)s is none.") % {"tag": wrong[0]}]
    if len(names) > TAG_LIMIT or len(manuscript.coauthors) > COAUTHOR_LIMIT:
        errors.setdefault("tags", [_("At most %(limit)s tags, please.") % {"limit": TAG_LIMIT}])
    if manuscript.cover is not None and not _is_picture(manuscript.cover.file_id):
        errors["cover"] = [_("A cover is a picture: choose a JPEG, PNG or WebP file.")]
    if errors:
        raise Invalid(errors)
    return [name for name in names.values() if name]


def _is_picture(file_id: UUID) -> bool:
    return StoredFile.objects.filter(pk=file_id, width__isnull=False).exists()


def _keep_beside(entry: Entry, manuscript: Manuscript, names: list[str]) -> None:
    cover_id = manuscript.cover.file_id if manuscript.cover else None
    standfirst = clean_text(" ".join(manuscript.standfirst.split()))
    count_words(entry)
    Article.objects.filter(entry=entry).update(standfirst=standfirst, cover_id=cover_id)
    tag_entry(entry, names)
    Coauthor.objects.filter(entry=entry).delete()
    others = [person for person in dict.fromkeys(manuscript.coauthors) if person.id != entry.author_id]
    Coauthor.objects.bulk_create(
        Coauthor(entry=entry, person=person, position=position) for position, person in enumerate(others)
    )


def count_words(entry: Entry) -> None:
    """Write down how long an article is, and that its card is an article's."""
    Article.objects.update_or_create(entry=entry, defaults={"word_count": len(entry.body_text.split())})
    if PART not in entry.parts:
        entry.parts = [*entry.parts, PART]
        entry.save(update_fields=["parts"])


def name_editor(*, actor: Person, person: Person) -> None:
    """Let somebody write the organization's news."""
    if not may_name_editors(actor):
        raise Forbidden
    if not person.is_active or person.is_guest:
        raise Invalid({"person": [_("Only active members of the organization write its news.")]})
    with transaction.atomic():
        editor, is_new = NewsEditor.objects.get_or_create(person=person, defaults={"named_by": actor})
        if is_new:
            audit(action="articles.editor_named", actor_id=actor.id, target=editor)


def dismiss_editor(*, actor: Person, person: Person) -> None:
    """No longer let somebody write the organization's news; what they wrote stays."""
    if not may_name_editors(actor):
        raise Forbidden
    with transaction.atomic():
        for editor in NewsEditor.objects.filter(person=person):
            audit(action="articles.editor_dismissed", actor_id=actor.id, target=editor)
            editor.delete()
