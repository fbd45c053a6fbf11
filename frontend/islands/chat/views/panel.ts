import { html, nothing, type TemplateResult } from "lit";
import { t } from "../../../strings.ts";
import { excerptOf } from "../model/rooms.ts";
import type { Message, Room } from "../model/types.ts";
import type { Panel, View } from "../view.ts";
import { recent } from "./formats.ts";
import { message } from "./message.ts";
import { avatar, icon, roomFace, tool, type Part } from "./parts.ts";

export function panel(open: Panel, room: Room | null, view: View): TemplateResult {
  return html`<header class="chat__panel-head"><h2 class="chat__panel-title" tabindex="-1">${t(`chat_panel_${open.kind === "search" && open.everywhere ? "search_all" : open.kind}`)}</h2>${tool("x", t("close"), "panel-close")}</header>
    <div class="chat__panel-body">${content(open, room, view)}</div>${open.kind === "thread" && open.form ? html`<div class="chat__panel-foot">${open.form}</div>` : nothing}`;
}

function content(open: Panel, room: Room | null, view: View): Part {
  if (open.kind === "search") return search(open, view);
  if (open.kind === "thread") return thread(open, view);
  if (open.kind === "pins") return open.messages === null ? loading() : open.messages.length ? found(open.messages, view) : hint("pin", t("chat_no_pins"));
  return room ? about(open, room, view) : nothing;
}

function loading(): TemplateResult {
  return html`<p class="chat__hint" role="status">${t("loading")}</p>`;
}

function hint(symbol: string, text: string): TemplateResult {
  return html`<div class="chat__hint">${icon(symbol, "large")}<p>${text}</p></div>`;
}

function thread(open: Extract<Panel, { kind: "thread" }>, view: View): TemplateResult {
  return html`<div class="chat__thread" role="log" aria-live="off" aria-label=${t("chat_panel_thread")}>${message(open.root, false, view, "panel")}
    <p class="chat__thread-count"><span>${t("chat_replies", { count: open.replies?.length ?? open.root.thread?.replies ?? 0 })}</span></p>
    ${open.replies === null ? loading() : open.replies.filter(({ id }) => !view.isGone(id)).map((reply) => message(reply, false, view, "panel"))}</div>`;
}

function search(open: Extract<Panel, { kind: "search" }>, view: View): TemplateResult {
  return html`<div class="search-field">${icon("search")}<input class="input" type="search" data-search aria-label=${t("chat_search_words")} placeholder=${t("chat_search_words")} autocomplete="off" .value=${open.query}></div>
    ${open.everywhere ? nothing : html`<label class="chat__jump"><span>${t("chat_jump")}</span><input class="input" type="date" data-jump max=${new Date().toISOString().slice(0, 10)}></label>`}
    <div role="status" class="visually-hidden">${open.found ? t("chat_found", { count: open.found.length }) : ""}</div>
    ${open.isAsking ? loading() : open.found === null ? nothing : open.found.length ? found(open.found, view) : hint("search", t("chat_nothing_found"))}`;
}

/** Messages out of their place: each leads there. */
function found(messages: readonly Message[], view: View): TemplateResult {
  return html`<ul class="found" role="list">${messages.map((said) => html`<li><a class="found__item" href=${`${addressOf(said, view)}?message=${said.id}`} data-goto=${said.id} data-goto-seq=${said.seq} data-goto-room=${said.room}>
    <span class="found__head">${avatar(said.author, "xs")}<strong class="truncate">${said.author?.name ?? ""}</strong>${said.room === view.room?.id ? nothing : html`<span class="found__room truncate">${roomOf(said, view)?.name ?? ""}</span>`}<time datetime=${said.created_at}>${recent(said.created_at)}</time></span>
    <span class="found__text">${excerptOf(said, 240)}</span></a></li>`)}</ul>`;
}

function roomOf(said: Message, view: View): Room | undefined {
  return view.rooms.find(({ id }) => id === said.room);
}

function addressOf(said: Message, view: View): string {
  return roomOf(said, view)?.url ?? view.room?.url.replace(/[^/]+$/, said.room) ?? "";
}

function about(open: Extract<Panel, { kind: "about" }>, room: Room, view: View): TemplateResult {
  const people = open.members ?? room.members;
  return html`
    <div class="about">${roomFace(room, view.viewer, view.presence, "l")}<p class="about__name">${room.name}</p>${room.topic ? html`<p class="soft about__topic">${room.topic}</p>` : nothing}${room.space ? html`<a class="text-link" href=${room.space.url ?? "#"}>${icon("arrow-up-right", "small")}${room.space.name}</a>` : nothing}</div>
    <div class="about__do">
      <button type="button" class="about__button" data-do="favourite" aria-pressed=${room.is_favourite}>${icon("star")}<span>${t(room.is_favourite ? "chat_favourite_off" : "chat_favourite_on")}</span></button>
      <button type="button" class="about__button" data-do="level">${icon(room.level === "nothing" ? "bell-off" : "bell")}<span>${t(`chat_level_${room.level}`)}</span></button>
      ${room.can.manage ? html`<button type="button" class="about__button" data-do="rename">${icon("pencil")}<span>${t("chat_rename")}</span></button>` : nothing}
    </div>
    <section class="about__people"><header class="about__head"><h3>${t("chat_members", { count: room.members_count })}</h3>${room.kind !== "direct" && (room.can.add ?? room.can.manage) ? html`<button type="button" class="button button--secondary button--small" data-do="add">${icon("user-plus")}<span>${t("chat_add")}</span></button>` : nothing}</header>
      <ul class="about__list" role="list">${people.map((person) => html`<li><a class="about__person" href=${person.url}>${avatar(person, "s", view.presence(person.id) ?? "offline")}<span class="truncate">${person.name}${person.id === view.viewer.id ? html` <span class="faint">${t("chat_me")}</span>` : nothing}</span>${person.status?.emoji ? html`<span title=${person.status.text}>${person.status.emoji}</span>` : nothing}</a></li>`)}</ul>
      ${people.length < room.members_count && open.members === null ? html`<button type="button" class="button button--quiet button--small" data-do="all-members">${t("chat_all_members")}</button>` : nothing}
    </section>
    ${room.can.leave ? html`<button type="button" class="button button--quiet about__leave" data-do="leave">${icon("log-out")}<span>${t("chat_leave")}</span></button>` : nothing}`;
}
