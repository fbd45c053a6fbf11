"""What goes in and out, as the OpenAPI document describes it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

Cursor = Annotated[str, Field(description="The cursor of the next page, empty on the last one.")]


class Input(Schema):
    """What a client sends: a field that we do not know is an error, never silently dropped."""

    model_config = ConfigDict(extra="forbid")


class PersonOut(Schema):
    """Somebody, as a byline shows them."""

    id: UUID
    full_name: str
    job_title: str = ""
    is_guest: bool = False
    url: str


class ProfileOut(PersonOut):
    """Somebody in the directory."""

    location: str = ""
    unit: str = ""
    skills: list[str] = []
    state: str


class OrganizationOut(Schema):
    """An organization."""

    id: UUID
    slug: str
    name: str


class MeOut(ProfileOut):
    """The caller."""

    email: str
    language: str
    time_zone: str
    is_administrator: bool
    is_moderator: bool
    organization: OrganizationOut
    scopes: list[str]


class SpaceBrief(Schema):
    """A space, as a byline shows it."""

    id: UUID
    name: str
    kind: Literal["network", "collaborative"]


class SpaceOut(SpaceBrief):
    """A space."""

    privacy: Literal["open", "closed", "secret"]
    posting: Literal["members", "hosts"]
    state: Literal["active", "archived"]
    description: str
    objective: str
    problem: str
    measure: str
    sponsor_id: UUID | None
    ends_on: date | None
    member_count: int
    is_everyone: bool
    role: Literal["member", "host"] | None = Field(description="The caller's role; null for no member.")
    created_at: datetime
    url: str


class SpaceIn(Input):
    """A space to create. A collaborative space needs objective, problem, measure, sponsor_id and ends_on."""

    kind: Literal["network", "collaborative"]
    name: Annotated[str, Field(min_length=1, max_length=80)]
    description: Annotated[str, Field(max_length=4000)] = ""
    privacy: Literal["open", "closed", "secret"] = "open"
    posting: Literal["members", "hosts"] = "members"
    objective: Annotated[str, Field(max_length=300)] = ""
    problem: Annotated[str, Field(max_length=2000)] = ""
    measure: Annotated[str, Field(max_length=300)] = ""
    sponsor_id: UUID | None = None
    ends_on: date | None = None


class MemberOut(Schema):
    """Somebody in a space."""

    person: PersonOut
    role: Literal["member", "host"]
    joined_at: datetime


class ReactionOut(Schema):
    """One emoji on an entry."""

    emoji: str
    count: int
    is_mine: bool


class FileOut(Schema):
    """A stored file."""

    id: UUID
    name: str
    media_type: str
    size_bytes: int
    width: int | None
    height: int | None
    duration_ms: int | None = None
    url: str


class UploadOut(Schema):
    """A file on its way in."""

    id: UUID
    name: str
    size_bytes: int
    offset_bytes: int
    expires_at: datetime
    file: FileOut | None = Field(description="What it became, once it is whole.")


class AttachmentOut(FileOut):
    """A file shown with an entry."""

    alternative_text: str = ""
    is_decorative: bool = False
    poster_url: str | None = Field(None, description="Of a film: what is shown before it plays.")
    captions_url: str | None = Field(None, description="Of a film: what is said in it, as WebVTT.")


class ArticleIn(Input):
    """What an article has beside its title and text."""

    standfirst: Annotated[str, Field(max_length=400)] = ""
    tags: Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=10)] = []
    cover: UUID | None = Field(None, description="A picture of my own uploads (`POST /files`).")
    cover_alternative: Annotated[str, Field(max_length=500)] = ""


class ArticleOut(Schema):
    """What an article has beside its title and text."""

    standfirst: str
    tags: list[str]
    cover_url: str
    cover_alternative: str
    reading_minutes: int


class EntryOut(Schema):
    """A post, a comment …"""

    id: UUID
    kind: str
    space: SpaceBrief
    author: PersonOut
    thread_id: UUID | None
    reply_to_id: UUID | None
    state: Literal["published", "deleted"]
    title: str
    body: str = Field(description="Markdown, the source of truth.")
    body_html: str
    version: int
    reply_count: int
    reaction_count: int
    reactions: list[ReactionOut]
    attachments: list[AttachmentOut]
    is_bookmarked: bool
    article: ArticleOut | None = Field(None, description="Only for entries of the kind `article`.")
    published_at: datetime
    edited_at: datetime | None
    activity_at: datetime
    pinned_at: datetime | None
    url: str


class AttachmentIn(Input):
    """A file uploaded before, to attach."""

    id: UUID
    alternative_text: Annotated[
        str, Field(max_length=500, description="For people who cannot see the image.")
    ] = ""
    is_decorative: bool = False
    poster: UUID | None = Field(None, description="A picture uploaded before, for a film.")
    captions: UUID | None = Field(None, description="A WebVTT file uploaded before, for a film.")


class PollIn(Input):
    """What a post asks; its text is the question."""

    options: list[Annotated[str, Field(max_length=200)]] = Field(min_length=2, max_length=20)
    is_multiple: bool = False
    is_anonymous: bool = Field(default=False, description="Nobody can know who chose what; a vote is final.")
    shows_results: Literal["always", "voted", "closed"] = "always"
    closes_at: AwareDatetime | None = None


class VoteIn(Input):
    """What one chooses."""

    options: list[UUID] = Field(
        max_length=20, description="Ids of options; one alone unless several are allowed."
    )


class PollOptionOut(Schema):
    """One choice."""

    id: UUID
    text: str
    is_mine: bool
    votes: int | None = Field(description="Null while the caller may not see results.")


class PollOut(Schema):
    """A poll as the caller may see it."""

    id: UUID
    is_multiple: bool
    is_anonymous: bool
    shows_results: str
    closes_at: datetime | None
    is_open: bool
    voter_count: int
    has_voted: bool
    options: list[PollOptionOut]


class EntryIn(Input):
    """An entry to publish; the same `id` twice is the same entry once."""

    id: UUID | None = None
    space: UUID
    kind: Annotated[str, Field(max_length=16)] = "post"
    title: Annotated[str, Field(max_length=200)] = ""
    body: Annotated[str, Field(max_length=100_000)] = ""
    attachments: Annotated[list[AttachmentIn], Field(max_length=20)] = []
    article: ArticleIn | None = Field(
        None, description="For the kind `article`: its cover, standfirst, tags."
    )
    poll: PollIn | None = None


class ReplyIn(Input):
    """A reply to publish."""

    id: UUID | None = None
    body: Annotated[str, Field(max_length=100_000)] = ""
    attachments: Annotated[list[AttachmentIn], Field(max_length=20)] = []


class EntryPatch(Input):
    """A change; `version` is the one that was read, and a newer one answers 409 with the current entry."""

    version: int
    title: Annotated[str, Field(max_length=200)] | None = None
    body: Annotated[str, Field(max_length=100_000)] | None = None
    attachments: Annotated[list[AttachmentIn], Field(max_length=20)] | None = Field(
        None, description="All of them anew, e.g. to describe an image; left out, they stay as they are."
    )


class EntryPage(Schema):
    """Entries."""

    items: list[EntryOut]
    next: Cursor


class SpacePage(Schema):
    """Spaces."""

    items: list[SpaceOut]
    next: Cursor


class MemberPage(Schema):
    """Members."""

    items: list[MemberOut]
    next: Cursor


class ProfilePage(Schema):
    """People."""

    items: list[ProfileOut]
    next: Cursor


class ThreadOut(Schema):
    """A thread: its root and its replies in the server's order."""

    root: EntryOut
    items: list[EntryOut]
    next: Cursor


class FoundFile(Schema):
    """The attached file that says what was asked."""

    id: UUID
    name: str


class SearchHit(Schema):
    """Why an entry of `entries` was found, in the same order."""

    entry_id: UUID
    # With `<mark>` around the words, everything else escaped.
    snippet: str
    file: FoundFile | None


class NamedOut(Schema):
    """Something else with a name, e.g. a topic."""

    kind: str
    id: UUID | str
    title: str
    text: str
    url: str


class SearchOut(Schema):
    """What was found, by kind; people, spaces and others on the first page only."""

    entries: list[EntryOut]
    hits: list[SearchHit]
    people: list[ProfileOut]
    spaces: list[SpaceOut]
    others: list[NamedOut]
    corrected: str = Field(
        description="How the words were understood, where that is another text; else empty."
    )
    next: Cursor


class NotificationOut(Schema):
    """One line of the inbox."""

    id: UUID
    reason: str
    # The reason in words, in the asker's language.
    why: str
    subject: str
    entry_id: UUID | None
    space_id: UUID | None
    actors: list[PersonOut]
    # How many events the line tells of that the asker can still read.
    count: int
    unread_count: int
    happened_at: datetime
    read_at: datetime | None


class NotificationPage(Schema):
    """The inbox."""

    items: list[NotificationOut]
    next: Cursor
    unread: int


WebhookEvent = Literal[
    "entry.published",
    "reply.published",
    "entry.edited",
    "entry.deleted",
    "entry.restored",
    "reactions.changed",
    "member.joined",
    "member.left",
]


class WebhookOut(Schema):
    """An address elsewhere that is told of events."""

    id: UUID
    name: str
    url: str
    events: list[WebhookEvent]
    space_id: UUID | None = Field(description="Null: all that its registrant may read.")
    registrant: PersonOut
    state: Literal["active", "paused", "disabled"]
    failing_since: datetime | None
    created_at: datetime


class WebhookWithSecret(WebhookOut):
    """A webhook and its signing secret, which is shown this once."""

    secret: str


class WebhookIn(Input):
    """A webhook to register."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    url: Annotated[str, Field(min_length=1, max_length=2000)]
    events: Annotated[list[WebhookEvent], Field(min_length=1, max_length=20)]
    space_id: UUID | None = None


class WebhookPatch(Input):
    """What changes of a webhook."""

    name: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    url: Annotated[str, Field(min_length=1, max_length=2000)] | None = None
    events: Annotated[list[WebhookEvent], Field(min_length=1, max_length=20)] | None = None
    is_active: bool | None = None


class WebhookPage(Schema):
    """Webhooks."""

    items: list[WebhookOut]


class DeliveryOut(Schema):
    """One message of a webhook; `id` is its `webhook-id` without the prefix."""

    id: UUID
    event: str
    state: Literal["waiting", "delivered", "failed", "withheld"]
    attempts: int
    attempted_at: datetime | None
    next_attempt_at: datetime | None
    response_status: int | None
    problem: str
    duration_ms: int | None
    created_at: datetime


class DeliveryPage(Schema):
    """Deliveries."""

    items: list[DeliveryOut]
    next: Cursor


class KindChoices(Input):
    """Which kinds of events are told."""

    mention: bool | None = None
    reply: bool | None = None
    post: bool | None = None
    reaction: bool | None = None
    space: bool | None = None


class NotificationLevel(Input):
    """How much is told of one space."""

    level: Literal["everything", "posts", "replies", "nothing"] | None


SuggestionKind = Literal["person", "space"]


class SuggestedPersonOut(Schema):
    """Somebody to follow, and why."""

    person: ProfileOut
    reason: str


class SuggestedSpaceOut(Schema):
    """A space to look at, and why."""

    space: SpaceOut
    reason: str


class SuggestionsOut(Schema):
    """Who to follow and where to go."""

    people: list[SuggestedPersonOut]
    spaces: list[SuggestedSpaceOut]


class Problem(Schema):
    """Problem details (RFC 9457), in the asker's language."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    instance: str = ""
    errors: dict[str, list[str]] | None = None


class TopicOut(Schema):
    """A topic, as far as the caller may read."""

    name: str = Field(description="As it was first written where the caller may read.")
    key: str = Field(description="Without case and accents.")
    thread_count: int
    is_followed: bool
    url: str


class TopicList(Schema):
    """Topics, the most used first."""

    items: list[TopicOut]


class CrossPostIn(Input):
    """Where to bring an entry, and a word of one's own."""

    id: UUID | None = None
    space: UUID
    body: Annotated[str, Field(min_length=1, max_length=100_000)]


class FeedIn(Input):
    """A feed to have an address of: a space's, a topic's, or with neither the organization's news."""

    space: UUID | None = None
    topic: Annotated[str, Field(max_length=64)] = ""


class FeedOut(Schema):
    """The private address of a feed; the addresses themselves are only told when it is made."""

    id: UUID
    name: str
    created_at: datetime
    last_used_on: date | None
    atom_url: str | None = None
    rss_url: str | None = None


class FeedList(Schema):
    """My feeds."""

    items: list[FeedOut]
