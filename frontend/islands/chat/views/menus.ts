/** The one menu of the page: what can be done with a message, how loud a conversation is. */
import { html, nothing, type TemplateResult } from "lit";
import { t } from "../../../strings.ts";
import type { Shown } from "../model/rows.ts";
import type { Level, Person, Room } from "../model/types.ts";
import { avatar, icon } from "./parts.ts";

const LEVELS: Array<[Level, string]> = [["all", "bell"], ["mentions", "at-sign"], ["nothing", "bell-off"]];
const QUICK = ["👍", "❤️", "😄", "🎉", "👀", "🙏"];
const QUIET_FOR: Array<[string, number]> = [["chat_mute_hour", 1], ["chat_mute_evening", 8], ["chat_mute_day", 24]];

function item(symbol: string, label: string, does: string, { value, isDanger, isChecked }: { value?: string; isDanger?: boolean; isChecked?: boolean } = {}): TemplateResult {
  return html`<button type="button" class="menu__item${isDanger ? " menu__item--danger" : ""}" data-do=${does} data-value=${value ?? nothing} aria-current=${isChecked ? "true" : nothing}>${icon(symbol)}<span>${label}</span>${isChecked ? icon("check", "small") : nothing}</button>`;
}

export interface Rights { isMine: boolean; mayPost: boolean; mayPin: boolean; mayDelete: boolean; mayReport: boolean; isInThread: boolean }

export function messageMenu(said: Shown, can: Rights): TemplateResult {
  return html`
    <form class="menu__quick" data-reactions data-message=${said.id}>${QUICK.map((emoji) => html`<button type="submit" name="emoji" value=${emoji} class="icon-button message__emoji" aria-label=${t("chat_react_with", { emoji })}>${emoji}</button>`)}<button type="button" class="icon-button" data-emoji-picker aria-haspopup="dialog" aria-label=${t("chat_react")} title=${t("chat_react")}>${icon("smile-plus")}</button></form>
    ${can.mayPost && !can.isInThread ? html`${item("reply", t("chat_reply"), "reply")}${item("messages-square", t("chat_reply_thread"), "thread")}` : nothing}
    ${can.isMine ? item("pencil", t("chat_edit"), "edit") : nothing}
    <hr>
    ${item("link", t("chat_copy_link"), "copy-link")}
    ${item("copy", t("chat_copy_text"), "copy-text")}
    ${can.mayPin && !can.isInThread ? item(said.is_pinned ? "pin-off" : "pin", t(said.is_pinned ? "chat_unpin" : "chat_pin"), "pin") : nothing}
    ${can.isInThread ? nothing : item("eye-off", t("chat_mark_unread"), "unread")}
    <hr>${item("newspaper", t("chat_to_post_one"), "publish")}${can.isInThread ? nothing : item("square-check", t("chat_choose_several"), "choose")}
    ${can.mayReport || can.mayDelete ? html`<hr>` : nothing}${can.mayReport ? item("flag", t("chat_report_do"), "report") : nothing}
    ${can.mayDelete ? item("trash-2", t("chat_delete"), "delete", { isDanger: true }) : nothing}`;
}

/** Who has read up to here. */
export function seenMenu(people: readonly Person[]): TemplateResult {
  return html`<p class="seen-by__title">${t("chat_seen")}</p>${people.map((person) => html`<a class="menu__item" role="menuitem" href=${person.url}>${avatar(person, "xs")}<span class="truncate">${person.name}</span></a>`)}`;
}

export function levelMenu(room: Room): TemplateResult {
  const isQuiet = Boolean(room.muted_until && Date.parse(room.muted_until) > Date.now());
  return html`
    ${LEVELS.map(([level, symbol]) => item(symbol, t(`chat_level_${level}`), "set-level", { value: level, isChecked: room.level === level }))}
    <hr>
    ${isQuiet ? item("bell", t("chat_mute_end"), "mute", { value: "0" }) : QUIET_FOR.map(([label, hours]) => item("clock", t(label), "mute", { value: String(hours) }))}
    <hr>
    ${item("star", t(room.is_favourite ? "chat_favourite_off" : "chat_favourite_on"), "favourite")}`;
}
