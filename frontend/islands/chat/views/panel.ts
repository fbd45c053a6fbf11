import { html, nothing, type TemplateResult } from "lit";
import { t } from "../../../strings.ts";
import { excerptOf } from "../model/rooms.ts";
import type { Message, Person, Room, RoomFile } from "../model/types.ts";
import type { About, Panel, View } from "../view.ts";
import { fileSize, recent } from "./formats.ts";
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
  if (open.kind === "archived") return archived(open.rooms, view);
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

function about(open: About, room: Room, view: View): TemplateResult {
  return html`
    <div class="about">${roomFace(room, view.viewer, view.presence, "l")}<p class="about__name">${room.name}</p>${room.topic ? html`<p class="soft about__topic">${room.topic}</p>` : nothing}${room.space ? html`<a class="text-link" href=${room.space.url ?? "#"}>${icon("arrow-up-right", "small")}${room.space.name}</a>` : nothing}</div>
    <div class="about__do">
      <button type="button" class="about__button" data-do="favourite" aria-pressed=${room.is_favourite}>${icon("star")}<span>${t(room.is_favourite ? "chat_favourite_off" : "chat_favourite_on")}</span></button>
      <button type="button" class="about__button" data-do="level">${icon(room.level === "nothing" ? "bell-off" : "bell")}<span>${t(`chat_level_${room.level}`)}</span></button>
      ${room.can.manage ? html`<button type="button" class="about__button" data-do="rename">${icon("pencil")}<span>${t("chat_rename")}</span></button>` : nothing}
    </div>
    ${members(open, room, view)}
    ${section(t("chat_panel_pins"), "pin", open.pins, t("chat_no_pins"), (pins) => found(pins.slice(0, 3), view), open.pins && open.pins.length > 3 ? html`<button type="button" class="button button--quiet button--small" data-do="pins">${t("chat_all_pins", { count: open.pins.length })}</button>` : nothing)}
    ${section(t("chat_files"), "paperclip", open.files, t("chat_no_files"), (files) => html`<ul class="about__files" role="list">${files.map((file) => fileRow(file))}</ul>`)}
    <div class="about__end">
      ${room.can.manage && !room.is_archived ? html`<button type="button" class="button button--quiet about__leave" data-do="archive">${icon("archive")}<span>${t("chat_archive")}</span></button>` : nothing}
      ${room.can.manage && room.is_archived ? html`<button type="button" class="button button--quiet about__leave" data-do="restore">${icon("undo-2")}<span>${t("chat_restore")}</span></button>` : nothing}
      ${room.can.leave ? html`<button type="button" class="button button--quiet about__leave" data-do="leave">${icon("log-out")}<span>${t("chat_leave")}</span></button>` : nothing}
    </div>`;
}

/** A part of what there is to know; it says when it is empty what belongs there. */
function section<T>(title: string, symbol: string, things: T[] | null, none: string, shown: (things: T[]) => TemplateResult, more: Part = nothing): TemplateResult {
  return html`<section class="about__section"><header class="about__head"><h3>${icon(symbol, "small")}${title}</h3>${more}</header>${things === null ? loading() : things.length ? shown(things) : html`<p class="faint about__none">${none}</p>`}</section>`;
}

function members(open: About, room: Room, view: View): TemplateResult {
  const people: Array<Person & { is_host?: boolean }> = open.members ?? room.members;
  const mayRemove = room.can.manage && (room.kind === "group" || room.is_private);
  const more = room.members_count - people.length;
  return html`<section class="about__section"><header class="about__head"><h3>${icon("users", "small")}${t("chat_members", { count: room.members_count })}</h3>${room.kind !== "direct" && (room.can.add ?? room.can.manage) ? html`<button type="button" class="button button--secondary button--small" data-do="add">${icon("user-plus")}<span>${t("chat_add")}</span></button>` : nothing}</header>
    <ul class="about__list" role="list">${people.map((person) => html`<li class="about__member"><a class="about__person" href=${person.url}>${avatar(person, "s", view.presence(person.id) ?? "offline")}<span class="about__who"><span class="truncate">${person.name}${person.id === view.viewer.id ? html` <span class="faint">${t("chat_me")}</span>` : nothing}</span>${person.status?.emoji || person.status?.text ? html`<span class="about__status truncate">${person.status.emoji} ${person.status.text}</span>` : nothing}</span>${person.is_host && room.kind !== "direct" ? html`<span class="badge">${t("chat_host")}</span>` : nothing}</a>${mayRemove && open.members && person.id !== view.viewer.id ? tool("user-minus", t("chat_remove", { name: person.name }), "member-remove", { small: true, value: person.id }) : nothing}</li>`)}</ul>
    ${open.members && more > 0 ? html`<p class="faint about__none">${t("chat_more_people", { count: more })}</p>` : nothing}
  </section>`;
}

function fileRow(file: RoomFile): TemplateResult {
  const at = new URL(file.url, location.href).pathname;
  const look = file.thumbnail_url ? html`<img class="about__thumb" src=${`${at}?size=160`} alt="" loading="lazy" decoding="async">` : html`<span class="about__thumb">${icon(file.media_type.startsWith("video/") ? "film" : "file-text")}</span>`;
  return html`<li class="about__member"><a class="about__person" href=${at} ?download=${!file.thumbnail_url} target=${file.thumbnail_url ? "_blank" : nothing}>${look}<span class="about__who"><span class="truncate">${file.name}</span><span class="about__status truncate">${[file.author?.name ?? "", recent(file.created_at), fileSize(file.size_bytes)].filter(Boolean).join(" · ")}</span></span></a><a class="icon-button icon-button--small" href="?message=${file.message}" data-goto=${file.message} data-goto-seq=${file.seq} aria-label=${t("chat_show_message", { name: file.name })} title=${t("chat_show_in_place")}>${icon("message-circle")}</a></li>`;
}

/** Put away: found again here, and given back from there. */
function archived(rooms: Room[] | null, view: View): TemplateResult {
  if (rooms === null) return loading();
  if (!rooms.length) return hint("archive", t("chat_none_archived"));
  return html`<ul class="about__list" role="list">${rooms.map((room) => html`<li><a class="about__person" href=${room.url} data-room=${room.id}>${roomFace(room, view.viewer, view.presence, "s")}<span class="about__who"><span class="truncate">${room.name}</span><span class="about__status truncate">${[room.space?.name, t("chat_members", { count: room.members_count })].filter(Boolean).join(" · ")}</span></span></a></li>`)}</ul>`;
}
