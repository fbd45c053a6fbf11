import { html, nothing, type TemplateResult } from "lit";
import { t } from "../../../strings.ts";
import { isMuted } from "../model/rooms.ts";
import type { Room } from "../model/types.ts";
import type { View } from "../view.ts";
import { icon, roomFace, tool, type Part } from "./parts.ts";

export function head(room: Room, view: View): TemplateResult {
  const is = (kind: string): boolean => view.panel?.kind === kind;
  return html`
    <a class="icon-button chat__back" href=${room.url.replace(/\/[^/]+$/, "")} data-back aria-label=${t("chat_back")}>${icon("arrow-left")}</a>
    <button type="button" class="chat__who" data-do="about" aria-expanded=${is("about")}>
      ${roomFace(room, view.viewer, view.presence)}
      <span class="chat__who-text"><span class="chat__name truncate">${room.name}</span><span class="chat__about truncate">${about(room, view)}</span></span>
    </button>
    <div class="chat__head-tools">
      ${tool("search", t("chat_search"), "search", { pressed: is("search") })}
      ${tool("pin", t("chat_pins"), "pins", { pressed: is("pins") })}
      ${tool(isMuted(room) ? "bell-off" : "bell", t("chat_level"), "level")}
      ${tool("info", t("chat_about"), "about", { pressed: is("about") })}
    </div>`;
}

function about(room: Room, view: View): string {
  if (room.kind === "direct") {
    const other = room.members.find(({ id }) => id !== view.viewer.id);
    const status = other?.status ? `${other.status.emoji} ${other.status.text}` : "";
    return status || (other ? t(`chat_${view.presence(other.id) ?? "offline"}`) : "");
  }
  const members = t("chat_members", { count: room.members_count });
  return [room.space?.name && room.space.name !== room.name ? room.space.name : "", members, room.topic].filter(Boolean).join(" · ");
}

/** Between the log and the composer: who types, what is being answered. */
export function foot(room: Room, view: View): TemplateResult {
  return html`<p class="chat__typing" aria-live="polite">${typing(room, view)}</p>${view.selecting ? chosen(view) : room.can.post ? replying(view) : closed(room)}`;
}

function typing(room: Room, view: View): Part {
  const people = view.typingIn(room.id).map((id) => view.nameOf(id)).filter(Boolean);
  if (!people.length) return nothing;
  return html`<span class="message__dots" aria-hidden="true"></span>${people.length === 1 ? t("chat_typing_one", { name: people[0]! }) : t("chat_typing_some", { count: people.length })}`;
}

function replying(view: View): Part {
  const to = view.replyTo;
  if (!to) return nothing;
  return html`<div class="reply-to"><span class="reply-to__sign">${icon("reply", "small")}</span><p class="truncate"><strong>${t("chat_replying", { name: to.author?.name ?? "" })}</strong> <span class="soft">${to.body}</span></p>${tool("x", t("chat_reply_cancel"), "reply-cancel", { small: true })}</div>`;
}

function closed(room: Room): TemplateResult {
  if (room.is_archived) return html`<div class="chat__joining"><p>${t("chat_archived_hint")}</p>${room.can.manage ? html`<button type="button" class="button button--secondary" data-do="restore">${icon("undo-2")}<span>${t("chat_restore")}</span></button>` : nothing}</div>`;
  return html`<div class="chat__joining"><p>${t(room.can.join ? "chat_join_hint" : "chat_closed")}</p>${room.can.join ? html`<button type="button" class="button button--primary" data-do="join">${t("chat_join")}</button>` : nothing}</div>`;
}

function chosen(view: View): TemplateResult {
  const count = view.selecting!.size;
  return html`<div class="chosen"><strong>${t("chat_chosen", { count })}</strong><button type="button" class="button button--primary button--small" data-do="to-post" ?disabled=${!count}>${icon("newspaper")}<span>${t("chat_to_post")}</span></button><button type="button" class="button button--quiet button--small" data-do="choose-cancel">${t("cancel")}</button></div>`;
}
