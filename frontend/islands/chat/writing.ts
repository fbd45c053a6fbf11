/** What one writes and marks: send, edit, delete, react, pin. */
import { announce } from "../../announce.ts";
import { t } from "../../strings.ts";
import * as api from "./api.ts";
import { type Chat, say } from "./chat.ts";
import { begin, editorFor, fieldOf, written } from "./composers.ts";
import { sketch } from "./model/markdown.ts";
import { excerptOf } from "./model/rooms.ts";
import type { Message, Quote } from "./model/types.ts";
import { changed } from "./news.ts";
import { showPins, syncThread } from "./panels.ts";
import { undoable } from "./undo.ts";

export function submit(chat: Chat, form: HTMLFormElement): void {
  if (form.dataset.edits) return void saveEdit(chat, form);
  const text = written(form);
  if (!text || !chat.room) return;
  const thread = form.dataset.thread ?? null;
  const quote = thread ? null : quoteOf(chat.replyTo);
  chat.looks.set(text.id, text.attachments);
  begin(form);
  if (!thread) {
    chat.replyTo = null;
    chat.newAfter = null;
    chat.scroller.isAtEnd = true;
    if (chat.timeline.hasAfter) void chat.toLatest();
  }
  chat.outbox.add({ id: text.id, room: chat.room.id, body: text.body, files: text.files, reply_to: quote?.id ?? null, thread, ...(text.urgent ? { urgent_reason: text.urgent } : {}) }, quote);
  syncThread(chat);
}

function quoteOf(message: Message | null): Quote | null {
  return message && { id: message.id, seq: message.seq, author: message.author, excerpt: excerptOf(message) };
}

export function tellTyping(chat: Chat): void {
  if (chat.room && chat.teller.isDue(chat.room.id)) say({ typing: chat.room.id });
}

export function retry(chat: Chat, id: string): void {
  chat.outbox.retry(id);
}

/** A refused text goes back to where it was written. */
export function rewrite(chat: Chat, id: string): void {
  const letter = chat.outbox.discard(id);
  const field = fieldOf(letter?.thread && chat.panel?.kind === "thread" ? chat.panel.form : chat.composer);
  if (!letter || !field) return;
  field.value = [letter.body, field.value].filter(Boolean).join("\n\n");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

export function startReply(chat: Chat, message: Message): void {
  chat.replyTo = message;
  chat.draw();
  fieldOf(chat.composer)?.focus();
}

/** `current`: what somebody else, or another window, made of it meanwhile; it is shown above what one writes. */
export function startEdit(chat: Chat, message: Message, place: "log" | "panel", current?: Message): void {
  const form = editorFor(message.room, message.id, message.body, t("chat_save"));
  if (!form) return;
  form.dataset.version = String(message.version);
  chat.editing = { id: message.id, place, form, ...(current ? { current } : {}) };
  chat.drawNow();
  const field = fieldOf(form);
  field?.focus();
  field?.setSelectionRange(field.value.length, field.value.length);
  form.scrollIntoView({ block: "nearest" });
}

export function cancelEdit(chat: Chat): void {
  chat.editing = null;
  chat.draw();
  fieldOf(chat.composer)?.focus();
}

export function editLast(chat: Chat): boolean {
  const mine = [...chat.timeline.messages].reverse().find((message) => message.author?.id === chat.viewer.id && !message.deleted_at && message.kind === "text");
  if (mine) startEdit(chat, mine, "log");
  return mine !== undefined;
}

async function saveEdit(chat: Chat, form: HTMLFormElement): Promise<void> {
  const said = chat.find(form.dataset.edits!);
  const text = written(form);
  if (!said || !text) return;
  const place = chat.editing?.place ?? "log";
  cancelEdit(chat);
  if (text.body === said.body) return;
  changed(chat, { ...said, body: text.body, html: sketch(text.body) });
  try {
    changed(chat, await api.edit(said.id, text.body, Number(form.dataset.version ?? said.version)));
  } catch (error) {
    changed(chat, said);
    const current = error instanceof api.Refused && error.status === 409 ? await api.message(said.id).catch(() => null) : null;
    if (current) changed(chat, current);
    else chat.complain(error);
    startEdit(chat, { ...(current ?? said), body: text.body }, place, current ?? undefined);
  }
}

export function remove(chat: Chat, message: Message): void {
  chat.gone.add(message.id);
  chat.draw();
  undoable(
    t("chat_deleted_toast"),
    () => {
      chat.gone.delete(message.id);
      chat.draw();
    },
    async () => {
      try {
        await api.remove(message.id);
        changed(chat, { ...message, body: "", html: "", attachments: [], reactions: [], quote: null, is_pinned: false, deleted_at: new Date().toISOString() });
      } catch (error) {
        chat.complain(error);
      }
      chat.gone.delete(message.id);
      chat.draw();
    },
  );
}

export async function react(chat: Chat, id: string, emoji: string): Promise<void> {
  const said = chat.find(id);
  if (!said) return;
  const isOn = !said.reactions.find((reaction) => reaction.emoji === emoji)?.mine;
  changed(chat, { ...said, reactions: toggled(said, emoji, isOn, chat.viewer.id) });
  try {
    await api.react(id, emoji, isOn);
  } catch (error) {
    changed(chat, said);
    chat.complain(error);
  }
}

export async function pin(chat: Chat, message: Message): Promise<void> {
  const isOn = !message.is_pinned;
  changed(chat, { ...message, is_pinned: isOn });
  try {
    await api.pin(message.id, isOn);
    announce(t(isOn ? "chat_pinned" : "chat_unpinned"));
  } catch (error) {
    changed(chat, message);
    chat.complain(error);
  }
  if (chat.panel?.kind === "pins") void showPins(chat);
}

export async function removePreview(chat: Chat, message: Message): Promise<void> {
  changed(chat, { ...message, preview: null });
  await api.removePreview(message.id).catch((error: unknown) => {
    changed(chat, message);
    chat.complain(error);
  });
}

function toggled(said: Message, emoji: string, isOn: boolean, viewer: string): Message["reactions"] {
  const others = said.reactions.map((one) => (one.emoji === emoji ? { ...one, mine: isOn, count: one.count + (isOn ? 1 : -1), people: undefined, person_ids: isOn ? [...(one.person_ids ?? []), viewer] : one.person_ids?.filter((id) => id !== viewer) } : one));
  const isThere = others.some((one) => one.emoji === emoji);
  return (isThere || !isOn ? others : [...others, { emoji, count: 1, mine: true, person_ids: [viewer] }]).filter(({ count }) => count > 0);
}
