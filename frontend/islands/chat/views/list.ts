import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { t } from "../../../strings.ts";
import { isMuted, shown, type Filter } from "../model/rooms.ts";
import type { Room } from "../model/types.ts";
import type { View } from "../view.ts";
import { recent } from "./formats.ts";
import { avatar, counter, icon, roomFace, tool } from "./parts.ts";

const FILTERS: Filter[] = ["all", "unread", "people", "spaces"];

export function list(view: View): TemplateResult {
  const rooms = shown(view.rooms, view.filter, view.query);
  return html`
    <header class="chat__list-head">
      <h2 class="chat__title">${t("chat_title")}</h2>
      <button type="button" class="chat__status" data-do="status" title=${t("chat_status")}>${view.viewer.status?.emoji ? html`<span aria-hidden="true">${view.viewer.status.emoji}</span>` : nothing}${avatar(view.viewer, "s", view.presence(view.viewer.id) ?? "active")}<span class="visually-hidden">${t("chat_status")} ${view.viewer.status?.text ?? ""}</span></button>
      ${tool("search", t("chat_search_everywhere"), "search-all")}
      ${tool("pencil", t("chat_new"), "new")}
    </header>
    <div class="chat__find"><div class="search-field">${icon("search")}<input class="input" type="search" data-find aria-label=${t("chat_find")} placeholder=${t("chat_find")} autocomplete="off" .value=${view.query}></div></div>
    <div class="chat__filters" role="group" aria-label=${t("chat_filter")}>${FILTERS.map((filter) => html`<button type="button" class="chip" data-do="filter" data-value=${filter} aria-pressed=${filter === view.filter}>${t(`chat_filter_${filter}`)}</button>`)}</div>
    ${rooms.length ? html`<ul class="rooms" role="list">${repeat(rooms, ({ id }) => id, (room) => html`<li>${row(room, view)}</li>`)}</ul>` : none(view)}
    <button type="button" class="chat__archived" data-do="archived" aria-expanded=${view.panel?.kind === "archived"}>${icon("archive", "small")}<span>${t("chat_archived")}</span></button>`;
}

function none(view: View): TemplateResult {
  const text = view.rooms.length ? t(view.filter === "unread" && !view.query ? "chat_all_read" : "chat_none_found") : t("chat_none_yet");
  return html`<div class="chat__none"><p class="soft">${text}</p>${view.rooms.length ? nothing : html`<button type="button" class="button button--primary" data-do="new">${icon("pencil")}<span>${t("chat_new")}</span></button>`}</div>`;
}

function row(room: Room, view: View): TemplateResult {
  const isMine = view.room?.id === room.id;
  const classes = ["room-row", room.unread_count || room.mention_count ? "room-row--unread" : "", isMuted(room) ? "room-row--muted" : ""].filter(Boolean).join(" ");
  return html`<a class=${classes} href=${room.url} data-room=${room.id} aria-current=${isMine ? "page" : nothing}>
    ${roomFace(room, view.viewer, view.presence)}
    <span class="room-row__text">
      <span class="room-row__top"><span class="room-row__name truncate">${room.name}${room.space && room.space.name !== room.name ? html` <span class="room-row__space">${room.space.name}</span>` : nothing}</span>${room.is_favourite ? html`<span class="room-row__sign">${icon("star", "small")}<span class="visually-hidden">${t("chat_favourite")}</span></span>` : nothing}${isMuted(room) ? html`<span class="room-row__sign">${icon("bell-off", "small")}<span class="visually-hidden">${t("chat_muted")}</span></span>` : nothing}${room.last_message_at ? html`<time class="room-row__time" datetime=${room.last_message_at}>${recent(room.last_message_at)}</time>` : nothing}</span>
      <span class="room-row__line">${line(room, view)}${counter(room)}</span>
    </span>
  </a>`;
}

function line(room: Room, view: View): TemplateResult {
  const typing = view.typingIn(room.id);
  if (typing.length) return html`<span class="room-row__said truncate room-row__typing">${t("chat_typing_short")}</span>`;
  if (view.draftOf(room.id) && view.room?.id !== room.id) return html`<span class="room-row__said truncate"><span class="room-row__draft">${t("chat_draft")}</span> ${view.draftOf(room.id)}</span>`;
  const last = room.last_message;
  const where = room.kind === "space" && !last ? (room.space?.name ?? "") : "";
  const who = last?.author && room.kind !== "direct" ? `${t("chat_by", { who: last.author.id === view.viewer.id ? t("chat_you") : first(last.author.name) })} ` : last?.author?.id === view.viewer.id ? `${t("chat_by", { who: t("chat_you") })} ` : "";
  return html`<span class="room-row__said truncate">${last ? html`${who}${last.excerpt}` : room.topic || where || t("chat_silent")}</span>`;
}

function first(name: string): string {
  return name.split(" ")[0] ?? name;
}
