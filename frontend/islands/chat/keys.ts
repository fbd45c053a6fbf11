/** The whole chat by keyboard. */
import type { Chat } from "./chat.ts";
import { entersLine, fieldOf } from "./composers.ts";
import { press } from "./doing.ts";
import { beside, shown } from "./model/rooms.ts";
import { closePanel } from "./panels.ts";
import { cancelEdit, editLast } from "./writing.ts";

const IN_LOG: Record<string, string> = { r: "reply", t: "thread", e: "edit", p: "pin", l: "copy-link", u: "unread", Delete: "delete" };

export function pressed(chat: Chat, event: KeyboardEvent): void {
  if (event.isComposing || event.defaultPrevented) return;
  const target = event.target as HTMLElement;
  const handled = target.matches("[data-text]") ? writing(chat, event, target as HTMLTextAreaElement) : target.closest(".message") && !target.closest("input, textarea, .message__tools, .menu__list") ? reading(chat, event, target) : escape(chat, event, target);
  if (!handled) return;
  event.preventDefault();
  event.stopPropagation();
}

/** From anywhere on the page: Alt and the arrows go through the conversations. */
export function travelled(chat: Chat, event: KeyboardEvent): void {
  if (!event.altKey || event.ctrlKey || event.metaKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
  const next = beside(shown(chat.rooms, chat.filter, chat.query), chat.room?.id ?? null, event.key === "ArrowDown" ? 1 : -1, event.shiftKey);
  event.preventDefault();
  if (next) void chat.open(next.id);
}

function writing(chat: Chat, event: KeyboardEvent, field: HTMLTextAreaElement): boolean {
  const form = field.form!;
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.key === "Enter" && isPlain && !event.shiftKey && !entersLine(field)) return form.requestSubmit(), true;
  if (event.key === "ArrowUp" && isPlain && !field.value && form === chat.composer) return editLast(chat);
  if (event.key === "ArrowUp" && event.ctrlKey) return focusLast(chat);
  if (event.key !== "Escape") return false;
  if (form.dataset.edits) cancelEdit(chat);
  else if (form.dataset.thread) closePanel(chat);
  else if (chat.replyTo) {
    chat.replyTo = null;
    chat.draw();
  } else void chat.toLatest();
  return true;
}

function reading(chat: Chat, event: KeyboardEvent, target: HTMLElement): boolean {
  const message = target.closest<HTMLElement>(".message")!;
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (step) return move(message, step);
  if (event.key === "Escape") return focusComposer(chat);
  if (target !== message) return false;
  if (event.key === "+" || event.key === ":") return message.querySelector<HTMLElement>(".message__tools [data-emoji-picker]")?.click(), true;
  if (event.key === "Enter" || event.key === "ContextMenu") return message.querySelector<HTMLElement>("[data-do=menu]")?.click(), true;
  const does = IN_LOG[event.key];
  if (!does || !mayDo(chat, does, message.dataset.id!)) return false;
  const button = document.createElement("button");
  button.dataset.do = does;
  message.append(button);
  press(chat, button);
  button.remove();
  return true;
}

function mayDo(chat: Chat, does: string, id: string): boolean {
  const said = chat.find(id);
  const isMine = said?.author?.id === chat.viewer.id;
  if (!said || said.deleted_at) return false;
  if (does === "edit") return isMine;
  if (does === "delete") return isMine || Boolean(chat.room?.can.manage);
  if (does === "pin") return Boolean(chat.room?.can.pin);
  return does !== "reply" || Boolean(chat.room?.can.post);
}

function escape(chat: Chat, event: KeyboardEvent, target: HTMLElement): boolean {
  if (event.key !== "Escape" || target.closest("dialog, [popover]")) return false;
  if (chat.selecting) chat.stopChoosing();
  else if (chat.panel) closePanel(chat);
  else return false;
  return true;
}

function move(message: HTMLElement, step: number): boolean {
  const all = [...message.closest(".chat__messages, .chat__thread")!.querySelectorAll<HTMLElement>(".message")];
  const next = all[all.indexOf(message) + step];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
  return next !== undefined;
}

function focusLast(chat: Chat): boolean {
  const last = [...chat.root.querySelectorAll<HTMLElement>(".chat__messages .message")].at(-1);
  last?.focus();
  return last !== undefined;
}

function focusComposer(chat: Chat): boolean {
  fieldOf(chat.composer)?.focus();
  return true;
}
