/** What each `data-do` of the views does. */
import { copy } from "../../behaviors/copy.ts";
import { place } from "../../place.ts";
import { showToast } from "../../behaviors/toast.ts";
import { render, type TemplateResult } from "lit";
import { t } from "../../strings.ts";
import * as api from "./api.ts";
import type { Chat } from "./chat.ts";
import { addPeople, changeStatus, leave, publish, removeMember, rename, report, startConversation } from "./dialogs.ts";
import type { Filter } from "./model/rooms.ts";
import type { Shown } from "./model/rows.ts";
import type { Level, Room } from "./model/types.ts";
import { archive, closePanel, showAbout, showArchived, showPins, showSearch, showThread } from "./panels.ts";
import { linkTo } from "./views/message.ts";
import { levelMenu, messageMenu, seenMenu } from "./views/menus.ts";
import { pin, remove, removePreview, retry, rewrite, startEdit, startReply } from "./writing.ts";

interface Pressed { chat: Chat; button: HTMLElement; value: string; message: Shown | undefined; place: "log" | "panel" }

/** For whom the open menu is. */
let chosen: { message: Shown | undefined; place: "log" | "panel" } = { message: undefined, place: "log" };

const DOES: Record<string, (pressed: Pressed) => unknown> = {
  status: ({ chat }) => void changeStatus(chat),
  new: ({ chat }) => startConversation(chat),
  filter: ({ chat, value }) => {
    chat.filter = value as Filter;
    chat.draw();
  },
  "search-all": ({ chat }) => showSearch(chat, true),
  search: ({ chat }) => (chat.panel?.kind === "search" ? closePanel(chat) : showSearch(chat, false)),
  pins: ({ chat }) => (chat.panel?.kind === "pins" ? closePanel(chat) : showPins(chat)),
  about: ({ chat }) => showAbout(chat),
  archived: ({ chat }) => (chat.panel?.kind === "archived" ? closePanel(chat) : showArchived(chat)),
  archive: ({ chat }) => withRoom(chat, (_, room) => archive(chat, room, true)),
  restore: ({ chat }) => withRoom(chat, (_, room) => archive(chat, room, false)),
  "member-remove": ({ chat, value }) => withRoom(chat, (_, room) => removeMember(chat, room, value)),
  "panel-close": ({ chat }) => closePanel(chat),
  latest: ({ chat }) => chat.toLatest(),
  jump: ({ chat, button }) => pickDate(chat, button),
  add: ({ chat }) => withRoom(chat, addPeople),
  rename: ({ chat }) => withRoom(chat, rename),
  join: ({ chat }) => chat.join(),
  leave: ({ chat }) => withRoom(chat, leave),
  favourite: ({ chat }) => withRoom(chat, (_, room) => membership(chat, room, { is_favourite: !room.is_favourite })),
  "set-level": ({ chat, value }) => withRoom(chat, (_, room) => membership(chat, room, { level: value as Level })),
  mute: ({ chat, value }) => withRoom(chat, (_, room) => membership(chat, room, { muted_until: Number(value) ? new Date(Date.now() + Number(value) * 3_600_000).toISOString() : null })),
  level: ({ chat, button }) => withRoom(chat, (_, room) => openMenu(chat, button, levelMenu(room))),
  seen: ({ chat, button, message }) => message && openMenu(chat, button, seenMenu(chat.seenAt(message.id))),
  menu: ({ chat, button, message, place: where }) => message && showMessageMenu(chat, button, message, where),
  reply: ({ chat, message }) => message && startReply(chat, message),
  "reply-cancel": ({ chat }) => {
    chat.replyTo = null;
    chat.draw();
  },
  thread: ({ chat, message }) => message && showThread(chat, message),
  edit: ({ chat, message, place: where }) => message && startEdit(chat, message, where),
  pin: ({ chat, message }) => message && pin(chat, message),
  unread: ({ chat, message }) => message && chat.markUnread(message),
  delete: ({ chat, message }) => message && remove(chat, message),
  report: ({ chat, message }) => message && report(chat, message),
  "preview-remove": ({ chat, message }) => message && removePreview(chat, message),
  publish: ({ chat, message }) => message && void publish(chat, [message]),
  choose: ({ chat, message }) => chat.choose(message?.id ?? null),
  "choose-cancel": ({ chat }) => chat.stopChoosing(),
  "to-post": ({ chat }) => void publish(chat, chat.chosen()),
  "copy-link": ({ chat, message }) => message && copyOf(new URL(linkTo(message, chat), location.href).href, "copied"),
  "copy-text": ({ message }) => message && copyOf(message.body, "chat_text_copied"),
  retry: ({ chat, button }) => retry(chat, idOf(button)),
  rewrite: ({ chat, button }) => rewrite(chat, idOf(button)),
};

export function press(chat: Chat, button: HTMLElement): void {
  const inMenu = button.closest("#chat-menu") !== null;
  const where = button.closest(".chat__panel") ? "panel" : "log";
  const target = inMenu ? chosen : { message: chat.find(idOf(button)), place: where as "log" | "panel" };
  DOES[button.dataset.do!]?.({ chat, button, value: button.dataset.value ?? "", ...target });
}

function idOf(button: HTMLElement): string {
  return button.closest<HTMLElement>("[data-id]")?.dataset.id ?? "";
}

function withRoom(chat: Chat, act: (chat: Chat, room: Room) => unknown): void {
  if (chat.room) act(chat, chat.room);
}

async function membership(chat: Chat, room: Room, values: { level?: Level; is_favourite?: boolean; muted_until?: string | null }): Promise<void> {
  const before = { level: room.level, is_favourite: room.is_favourite, muted_until: room.muted_until };
  chat.updateRoom(values, room.id);
  await api.setMembership(room.id, values).catch((error: unknown) => {
    chat.updateRoom(before, room.id);
    chat.complain(error);
  });
}

async function copyOf(text: string, said: string): Promise<void> {
  showToast(t((await copy(text)) ? said : "copy_failed"));
}

/** The one menu of the page; below its button, or where a finger rested. */
function openMenu(chat: Chat, anchor: HTMLElement, items: TemplateResult): void {
  const menu = chat.root.querySelector<HTMLElement>("#chat-menu")!;
  render(items, menu);
  if (menu.matches(":popover-open")) menu.hidePopover();
  menu.showPopover();
  place(menu, anchor);
}

export function showMessageMenu(chat: Chat, anchor: HTMLElement, message: Shown, where: "log" | "panel"): void {
  const isMine = message.author?.id === chat.viewer.id;
  const mayPost = Boolean(chat.room?.can.post);
  chosen = { message, place: where };
  openMenu(chat, anchor, messageMenu(message, { isMine: isMine && mayPost, mayPost, mayPin: Boolean(chat.room?.can.pin), mayDelete: isMine || Boolean(chat.room?.can.manage), mayReport: !isMine, isInThread: where === "panel" }));
}

function pickDate(chat: Chat, button: HTMLElement): void {
  const field = chat.root.querySelector<HTMLInputElement>("#chat-date")!;
  const box = button.getBoundingClientRect();
  Object.assign(field.style, { left: `${box.left}px`, top: `${box.bottom}px` });
  field.value = button.dataset.value ?? "";
  field.max = new Date().toISOString().slice(0, 10);
  field.showPicker();
}
