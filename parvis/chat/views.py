"""The pages of chat: one's conversations and one of them, complete without a script; the island takes over."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from parvis.chat import actions, queries, wire
from parvis.chat.models import Message, Room, RoomMembership
from parvis.chat.policy import can, may_open_rooms
from parvis.content.forms import TextForm, read
from parvis.content.views.answers import viewer_of
from parvis.foundation import throttle
from parvis.foundation.addresses import reverse, url_or_none
from parvis.foundation.errors import Forbidden, Invalid, NotFound
from parvis.foundation.richtext import mention_source
from parvis.people.models import Person
from parvis.people.queries import directory
from parvis.spaces.models import Space
from parvis.spaces.queries import find_readable, my_spaces
from parvis.spaces.views import header
from parvis.worktime.arriving import arrivals_answer

# People to choose from where no script looks them up.
CHOICES = 200
# One message a second for a while: quick talk, and no flood.
TALK = throttle.Rate(120, 120)


def home(request: HttpRequest) -> HttpResponse:
    """Show one's conversations."""
    return _page(request, viewer_of(request), None)


def room(request: HttpRequest, room_id: UUID) -> HttpResponse:
    """Show a conversation, at its end or around the message that is asked for."""
    viewer = viewer_of(request)
    return _page(request, viewer, queries.find_room(viewer, room_id))


def _page(request: HttpRequest, viewer: Person, shown: Room | None, **more: Any) -> HttpResponse:
    rooms = queries.my_rooms(viewer).rooms
    listed = next((one for one in rooms if shown is not None and one.id == shown.id), None)
    rows = wire.room_rows(viewer, rooms if listed is not None or shown is None else [shown, *rooms])
    row = next((one for one in rows if shown is not None and one["id"] == shown.id), None)
    messages = _messages(request, viewer, shown) if shown is not None else None
    spaces = [{"id": space.id, "name": space.name} for space in _spaces_to_open_rooms_in(viewer)]
    person = wire.person_row(wire.prefix_of(viewer), viewer)
    state = {"viewer": person, "rooms": rows, "room": row, "page": messages, "spaces": spaces}
    context = {
        "rooms": rows,
        "room": row,
        "page": messages,
        "viewer_person": person,
        "composer": _composer(viewer, shown) if shown is not None and can(viewer, "post", shown) else None,
        "spaces": spaces,
        "state": json.loads(json.dumps(state, cls=DjangoJSONEncoder)),
        **more,
    }
    return render(request, "chat/chat.html", context, status=422 if more.get("errors") else 200)


def _messages(request: HttpRequest, viewer: Person, shown: Room) -> dict[str, Any]:
    around = _place(viewer, shown, request.GET.get("message", ""))
    before, after = _number(request.GET.get("before", "")), _number(request.GET.get("after", ""))
    page = queries.messages_of(
        viewer, shown, around=around, before=before, after=after, at=_day(request.GET.get("at", ""))
    )
    return wire.page_row(viewer, page)


def _place(viewer: Person, shown: Room, text: str) -> int | None:
    id = _uuid(text)
    messages = Message.objects.legible_to(viewer).filter(room=shown)
    found: int | None = messages.filter(pk=id).values_list("seq", flat=True).first() if id else None
    return found


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _spaces_to_open_rooms_in(viewer: Person) -> list[Space]:
    hosted = [space for space in my_spaces(viewer) if may_open_rooms(viewer, space)]
    chatting = queries.spaces_with_chat(hosted) if hosted else set()
    return [space for space in hosted if space.id in chatting]


def _composer(viewer: Person, shown: Room) -> dict[str, Any]:
    key = f"chat-{shown.id}"
    asked = f"?space={shown.space_id}" if shown.space_id else ""
    return {
        "action": reverse("chat:send", args=[shown.id]),
        "key": key,
        "mention_url": reverse("chat:mentions", args=[shown.id]),
        "topics_url": url_or_none("topics:suggestions"),
        "upload_url": url_or_none("api:begin_upload"),
        "preview_url": reverse("content:preview") + asked,
        "draft_url": url_or_none("drafts:draft", key),
        "arrivals_url": reverse("chat:arrivals", args=[shown.id]),
    }


def send(request: HttpRequest, room_id: UUID) -> HttpResponse:
    """Say something where no script runs; what cannot be accepted comes back with its text."""
    viewer = viewer_of(request)
    shown = queries.find_room(viewer, room_id)
    throttle.check("talk", viewer.organization_id, viewer.id, rate=TALK)
    try:
        form = read(TextForm, request)
        message = actions.post_message(
            author=viewer, room=shown, draft=_draft(request, form), id=form.cleaned_data["id"]
        )
    except Invalid as error:
        texts = [str(text) for texts in error.errors.values() for text in texts]
        return _page(request, viewer, shown, errors=texts, typed=request.POST.get("body", ""))
    return redirect(f"{reverse('chat:room', args=[shown.id])}#seq-{message.seq}")


def _draft(request: HttpRequest, form: TextForm) -> actions.MessageDraft:
    return actions.MessageDraft(
        body=form.cleaned_data["body"],
        reply_to=_uuid(request.POST.get("reply_to", "")),
        thread=_uuid(request.POST.get("thread", "")),
        files=form.attachments,
        urgent_reason=request.POST.get("urgent_reason", "").strip(),
    )


def arrivals(request: HttpRequest, room_id: UUID) -> HttpResponse:
    """Say when those whom a message names, and the other one of two, will hear of it."""
    viewer = viewer_of(request)
    room = queries.find_room(viewer, room_id)
    places = RoomMembership.objects.filter(room=room) if room.kind == Room.Kind.DIRECT else None
    others = list(places.values_list("person_id", flat=True)) if places is not None else []
    return arrivals_answer(request, viewer, also=others)


def start(request: HttpRequest) -> HttpResponse:
    """Begin a conversation with one person or with several."""
    viewer = viewer_of(request)
    chosen = request.POST.getlist("people") if request.method == "POST" else request.GET.getlist("people")
    ids = [id for text in chosen if (id := _uuid(text)) is not None]
    if request.method == "POST":
        try:
            return redirect("chat:room", _begun(viewer, ids, request.POST.get("name", "")).id)
        except Invalid as error:
            texts = [str(text) for texts in error.errors.values() for text in texts]
            return _start_page(request, viewer, ids, errors=texts)
    return _start_page(request, viewer, ids)


def _begun(viewer: Person, ids: list[UUID], name: str) -> Room:
    if not ids:
        raise Invalid({"people": [_("Choose the people of this conversation.")]})
    if len(ids) > 1 or name.strip():
        return actions.create_group(creator=viewer, people=ids, name=name)
    person = Person.objects.filter(pk=ids[0]).first()
    if person is None:
        raise NotFound
    return actions.open_direct(viewer=viewer, person=person)


def _start_page(
    request: HttpRequest, viewer: Person, ids: list[UUID], errors: Iterable[str] = ()
) -> HttpResponse:
    search = request.GET.get("q", "")
    people = queries.people_to_write_to(viewer)
    if search and not viewer.is_guest:
        people = directory(viewer, search=search).filter(pk__in=people.values("pk"))
    chosen = queries.people_to_write_to(viewer).filter(pk__in=ids)
    context = {
        "people": list(people.order_by("sort_name", "id")[:CHOICES]),
        "chosen": list(chosen),
        "chosen_ids": ids,
        "q": search,
        "name": request.POST.get("name", ""),
        "errors": list(errors),
    }
    return render(request, "chat/new.html", context, status=422 if errors else 200)


def badge(request: HttpRequest) -> HttpResponse:
    """Show in how many conversations something waits: the part of the layout that refreshes itself."""
    return render(request, "chat/badge.html", {"count": queries.unread_chats(viewer_of(request))})


def mentions(request: HttpRequest, room_id: UUID) -> JsonResponse:
    """Answer with people who can read the room and one of whose names begins like this."""
    viewer = viewer_of(request)
    shown = queries.find_room(viewer, room_id)
    found = queries.mentionable_in(shown, request.GET.get("q", ""))
    return JsonResponse(
        [
            {
                "id": str(person.id),
                "name": person.full_name,
                "detail": person.job_title or (_("Guest") if person.is_guest else ""),
                "picture_url": person.picture_url,
                "insert": mention_source("person", person.id, person.full_name),
            }
            for person in found
            if person.id != viewer.id
        ],
        safe=False,
    )


def of_space(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Show the rooms of a space; to its hosts, also how chat is switched on."""
    viewer = viewer_of(request)
    space = find_readable(viewer, space_id)
    is_on, may_manage = queries.has_chat(space), may_open_rooms(viewer, space)
    if not is_on and not may_manage:
        raise NotFound
    context = {
        **header(request, space, "chat"),
        "rooms": wire.room_rows(viewer, queries.rooms_in(viewer, space)),
        "is_on": is_on,
        "may_manage": may_manage,
    }
    return render(request, "chat/of_space.html", context)


def switch(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Switch the chat of a space on or off, or open a room in it."""
    viewer = viewer_of(request)
    space = find_readable(viewer, space_id)
    if "name" in request.POST:
        made = actions.create_space_room(
            creator=viewer,
            space=space,
            name=request.POST["name"],
            topic=request.POST.get("topic", ""),
            is_private="is_private" in request.POST,
        )
        return redirect("chat:room", made.id)
    if request.POST.get("chat") not in ("on", "off"):
        raise Forbidden
    actions.switch_chat(actor=viewer, space=space, is_on=request.POST["chat"] == "on")
    return redirect("chat:of_space", space.id)
