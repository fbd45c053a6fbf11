/** What is asked in a dialog: with whom to talk, whom to add, what becomes a post. */
import { html, nothing, render, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { uuid7 } from "../../behaviors/uuid.ts";
import { showToast } from "../../behaviors/toast.ts";
import { t } from "../../strings.ts";
import * as api from "./api.ts";
import type { Chat } from "./chat.ts";
import * as choosing from "./model/chooser.ts";
import { shown } from "./model/rooms.ts";
import type { Message, Person, Room } from "./model/types.ts";
import { changed, hasStatus, heardRoom, received } from "./news.ts";
import { avatar, icon, roomFace, type Part } from "./views/parts.ts";

const PAUSE_MS = 150;

interface Question { title: string; submit: string; body: () => Part; send: (data: FormData) => Promise<unknown>; isWide?: boolean }

/** A dialog of the product's own make, drawn anew whenever its body changes; gone when it is closed. */
function ask(chat: Chat, question: Question): { draw: () => void; dialog: HTMLDialogElement } {
  const dialog = document.createElement("dialog");
  dialog.className = `dialog${question.isWide ? "" : " dialog--small"}`;
  dialog.dataset.dialog = "";
  dialog.setAttribute("aria-labelledby", "chat-dialog-title");
  let problem = "";
  const draw = (): void => {
    render(
      html`<header class="dialog__header"><h2 class="dialog__title" id="chat-dialog-title">${question.title}</h2><button type="button" class="icon-button" data-closes aria-label=${t("close")}>${icon("x")}</button></header>
        <form class="dialog__body stack" novalidate>${question.body()}${problem ? html`<p class="field__error" role="alert">${icon("circle-alert", "small")}<span>${problem}</span></p>` : nothing}
          <div class="form-actions form-actions--end"><button type="button" class="button button--quiet" data-closes>${t("cancel")}</button><button class="button button--primary" type="submit">${question.submit}</button></div></form>`,
      dialog,
    );
  };
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    problem = "";
    void question.send(new FormData(event.target as HTMLFormElement)).then(() => dialog.close(), (error: unknown) => {
      problem = error instanceof Error && error.message ? error.message : t("error");
      draw();
    });
  });
  dialog.addEventListener("close", () => dialog.remove());
  chat.root.append(dialog);
  draw();
  dialog.showModal();
  dialog.querySelector<HTMLElement>("input:not([type=hidden]), textarea")?.focus();
  return { draw, dialog };
}

/** Type a name, arrows and Enter choose, Backspace takes the last one back. */
class PeopleField {
  state = choosing.NOBODY;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private latest = 0;

  /** `near`: with whom one talks anyway, offered before anything is typed. */
  constructor(private readonly draw: () => void, private readonly except: ReadonlySet<string>, private readonly near: readonly Person[]) {
    void this.look("");
  }

  private change(state: choosing.Chooser): void {
    this.state = state;
    this.draw();
  }

  private async look(query: string): Promise<void> {
    const mine = ++this.latest;
    const found = query.trim() ? await api.people(query.trim()).catch(() => []) : this.near;
    if (mine === this.latest) this.change(choosing.withFound(this.state, found, this.except));
  }

  private take(person: Person | undefined): void {
    this.change(choosing.taking(this.state, person));
    void this.look("");
  }

  private pressed(event: KeyboardEvent): void {
    const { found, marked, query, taken } = this.state;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") this.change(choosing.marking(this.state, event.key === "ArrowDown" ? 1 : -1));
    else if (event.key === "Enter" && query && found[marked]) this.take(found[marked]);
    else if (event.key === "Backspace" && !query && taken.length) return this.change(choosing.releasing(this.state, taken.at(-1)?.id));
    else return;
    event.preventDefault();
  }

  view(): TemplateResult {
    const { found, marked, query, taken } = this.state;
    return html`<div class="people-field">
      <label class="field__label" for="chat-people">${t("chat_people")}</label>
      <div class="people-field__box">${taken.map((person) => html`<span class="people-field__one">${avatar(person, "xs")}<span>${person.name}</span><button type="button" aria-label=${t("chat_release", { name: person.name })} @click=${() => this.change(choosing.releasing(this.state, person.id))}>${icon("x", "small")}</button></span>`)}<input id="chat-people" class="people-field__input" autocomplete="off" role="combobox" aria-expanded=${found.length > 0} aria-controls="chat-people-found" aria-autocomplete="list" aria-activedescendant=${found[marked] ? `chat-person-${found[marked].id}` : nothing} placeholder=${taken.length ? "" : t("chat_people_hint")} .value=${query}
        @input=${(event: Event) => {
          this.state = { ...this.state, query: (event.target as HTMLInputElement).value };
          clearTimeout(this.timer);
          this.timer = setTimeout(() => void this.look(this.state.query), PAUSE_MS);
        }} @keydown=${(event: KeyboardEvent) => this.pressed(event)}></div>
      <ul class="people-field__found" role="listbox" id="chat-people-found" aria-label=${t("chat_people")}>${repeat(found.slice(0, 6), ({ id }) => id, (person, at) => html`<li id="chat-person-${person.id}" role="option" class="suggestion" aria-selected=${at === marked} @click=${() => this.take(person)}>${avatar(person, "s")}<span class="truncate">${person.name}</span></li>`)}</ul>
    </div>`;
  }
}

function near(chat: Chat): Person[] {
  const people = new Map(chat.rooms.filter(({ kind }) => kind !== "space").flatMap(({ members }) => members).map((person) => [person.id, person]));
  people.delete(chat.viewer.id);
  return [...people.values()].slice(0, 6);
}

export function startConversation(chat: Chat): void {
  let kind: "people" | "space" = "people";
  const spaces = chat.spaces;
  let asked: ReturnType<typeof ask> | undefined;
  const people = new PeopleField(() => asked?.draw(), new Set([chat.viewer.id]), near(chat));
  const tab = (value: typeof kind, symbol: string, label: string): TemplateResult => html`<button type="button" class="chip" aria-pressed=${kind === value} @click=${() => {
    kind = value;
    asked!.draw();
  }}>${icon(symbol, "small")}${label}</button>`;
  asked = ask(chat, {
    title: t("chat_new"),
    submit: t("chat_start"),
    body: () => html`
      ${spaces.length ? html`<div class="row" role="group" aria-label=${t("chat_new_kind")}>${tab("people", "users", t("chat_with_people"))}${tab("space", "hash", t("chat_in_space"))}</div>` : nothing}
      ${kind === "people" ? html`${people.view()}${people.state.taken.length > 1 ? named(t("chat_group_name"), "", false) : nothing}` : html`
        <div class="field"><label class="field__label" for="chat-space">${t("chat_space")}</label><span class="select"><select class="input" id="chat-space" name="space">${spaces.map(({ id, name }) => html`<option value=${id} ?selected=${id === chat.room?.space?.id}>${name}</option>`)}</select>${icon("chevron-down", "small")}</span></div>
        ${named(t("chat_room_name"), "", true)}${topic("")}
        <label class="check"><input type="checkbox" name="private"><span>${t("chat_private")}</span></label>`}`,
    send: async (data) => {
      const ids = people.state.taken.map(({ id }) => id);
      if (kind === "people" && !ids.length) throw new Error(t("chat_choose_people"));
      const name = String(data.get("name") ?? "").trim();
      if (kind === "space" && !name) throw new Error(t("chat_name_missing"));
      const values = kind === "space" ? { kind, space: data.get("space"), name, topic: String(data.get("topic") ?? ""), is_private: data.has("private") } : ids.length === 1 ? { kind: "direct", people: ids } : { kind: "group", people: ids, ...(name ? { name } : {}) };
      const room = await api.createRoom(values);
      chat.addRoom(room);
      await chat.open(room.id);
    },
  });
}

function named(label: string, value: string, isRequired: boolean): TemplateResult {
  return html`<div class="field"><label class="field__label" for="chat-name">${label}</label><input class="input" id="chat-name" name="name" maxlength="80" autocomplete="off" .value=${value} ?required=${isRequired}></div>`;
}

function topic(value: string): TemplateResult {
  return html`<div class="field"><label class="field__label" for="chat-topic">${t("chat_topic")}</label><input class="input" id="chat-topic" name="topic" maxlength="250" autocomplete="off" .value=${value}></div>`;
}

export function addPeople(chat: Chat, room: Room): void {
  let asked: ReturnType<typeof ask> | undefined;
  const people = new PeopleField(() => asked?.draw(), new Set(room.members.map(({ id }) => id)), near(chat));
  const choice = (value: string, label: string, hint: string): TemplateResult => html`<label class="check"><input type="radio" name="sees" value=${value} ?checked=${value === "from_now"}><span>${label}<span class="faint check__hint">${hint}</span></span></label>`;
  asked = ask(chat, {
    title: t("chat_add"),
    submit: t("chat_add_do"),
    body: () => html`${people.view()}<fieldset class="stack stack--tight"><legend class="field__label">${t("chat_sees")}</legend>${choice("from_now", t("chat_sees_now"), t("chat_sees_now_hint"))}${choice("everything", t("chat_sees_all"), t("chat_sees_all_hint"))}</fieldset>`,
    send: async (data) => {
      if (!people.state.taken.length) throw new Error(t("chat_choose_people"));
      await api.addMembers(room.id, people.state.taken.map(({ id }) => id), String(data.get("sees") ?? "from_now"));
      await heardRoom(chat, room.id);
    },
  });
}

export function rename(chat: Chat, room: Room): void {
  ask(chat, {
    title: t("chat_rename"),
    submit: t("chat_save"),
    body: () => html`${named(t(room.kind === "group" ? "chat_group_name" : "chat_room_name"), room.name, room.kind === "space")}${topic(room.topic)}`,
    send: async (data) => chat.updateRoom(await api.changeRoom(room.id, { name: String(data.get("name") ?? ""), topic: String(data.get("topic") ?? "") }), room.id),
  });
}

export function leave(chat: Chat, room: Room): void {
  ask(chat, {
    title: t("chat_leave"),
    submit: t("chat_leave"),
    body: () => html`<p class="soft">${t("chat_leave_text", { name: room.name })}</p>`,
    send: async () => {
      await api.leave(room.id);
      chat.forget(room.id);
    },
  });
}

export function removeMember(chat: Chat, room: Room, id: string): void {
  const person = chat.panel?.kind === "about" ? chat.panel.members?.find((one) => one.id === id) : undefined;
  if (!person) return;
  ask(chat, {
    title: t("chat_remove", { name: person.name }),
    submit: t("chat_remove_do"),
    body: () => html`<p class="soft">${t("chat_remove_text", { name: person.name })}</p>`,
    send: async () => {
      await api.removeMember(room.id, person.id);
      await heardRoom(chat, room.id);
    },
  });
}

const REASONS = ["spam", "offensive", "harassment", "private", "unlawful", "other"] as const;

export function report(chat: Chat, message: Message): void {
  ask(chat, {
    title: t("chat_report"),
    submit: t("chat_report_do"),
    body: () => html`<p class="soft">${t("chat_report_text")}</p><fieldset class="stack stack--tight"><legend class="field__label">${t("chat_report_reason")}</legend>${REASONS.map((reason) => html`<label class="check"><input type="radio" name="reason" value=${reason} ?checked=${reason === "spam"}><span>${t(`chat_report_${reason}`)}</span></label>`)}</fieldset><div class="field"><label class="field__label" for="chat-report-note">${t("chat_report_note")}</label><textarea class="input" id="chat-report-note" name="note" rows="3" maxlength="1000"></textarea></div>`,
    send: async (data) => {
      await api.report(message.id, String(data.get("reason")), String(data.get("note") ?? ""));
      showToast(t("chat_report_sent"));
    },
  });
}

/** A message, or several in their order, become a post of a space; the post and the chat lead to each other. */
export async function publish(chat: Chat, messages: readonly Message[]): Promise<void> {
  const [first] = messages;
  if (!first) return;
  const spaces = await api.postable().catch(() => []);
  if (!spaces.length) return showToast(t("chat_no_spaces"), "danger");
  const body = messages.length === 1 ? first.body : messages.map((message) => `**${message.author?.name ?? ""}**\n\n${message.body}`).join("\n\n");
  ask(chat, {
    title: t("chat_to_post"),
    submit: t("chat_publish"),
    isWide: true,
    body: () => html`
      <div class="field"><label class="field__label" for="chat-space">${t("chat_space")}</label><span class="select"><select class="input" id="chat-space" name="space">${spaces.map(({ id, name }) => html`<option value=${id} ?selected=${id === chat.room?.space?.id}>${name}</option>`)}</select>${icon("chevron-down", "small")}</span></div>
      <div class="field"><label class="field__label" for="chat-title">${t("chat_post_title")}</label><input class="input" id="chat-title" name="title" maxlength="200" autocomplete="off"></div>
      <div class="field"><label class="field__label" for="chat-body">${t("chat_post_text")}</label><textarea class="input chat__post" id="chat-body" name="body" rows="8" .value=${body}></textarea></div>
      <p class="faint">${t("chat_post_hint")}</p>`,
    send: async (data) => {
      const entry = await api.publish(first.id, { space: data.get("space"), kind: "post", title: String(data.get("title") ?? ""), body: String(data.get("body") ?? ""), with: messages.slice(1).map(({ id }) => id) });
      chat.stopChoosing();
      showToast(t("chat_published"));
      const message = await api.message(first.id).catch(() => null);
      if (message) changed(chat, message);
      return entry;
    },
  });
}

/** A post is shown in a conversation: who may read it there sees what it is called, nobody else. */
export function shareEntry(chat: Chat, entry: string): void {
  const id = uuid7();
  let query = "";
  const asked = ask(chat, {
    title: t("chat_share"),
    submit: t("chat_share_do"),
    body: () => html`
      <div class="search-field">${icon("search")}<input class="input" type="search" aria-label=${t("chat_find")} placeholder=${t("chat_find")} autocomplete="off" @input=${(event: Event) => {
        query = (event.target as HTMLInputElement).value;
        asked.draw();
      }}></div>
      <fieldset class="share-rooms"><legend class="visually-hidden">${t("chat_share_where")}</legend>${shown(chat.rooms, "all", query).filter(({ can }) => can.post).slice(0, 30).map((room) => html`<label class="share-rooms__one"><input type="radio" name="room" value=${room.id}>${roomFace(room, chat.viewer, chat.presence, "s")}<span class="truncate">${room.name}</span></label>`)}</fieldset>
      <div class="field"><label class="field__label" for="chat-note">${t("chat_share_note")}</label><textarea class="input" id="chat-note" name="note" rows="2"></textarea></div>`,
    send: async (data) => {
      const room = String(data.get("room") ?? "");
      if (!room) throw new Error(t("chat_share_choose"));
      const message = await api.showEntry(room, id, entry, String(data.get("note") ?? ""));
      await chat.open(room);
      received(chat, message);
    },
  });
}

const STATUSES: Array<[string, string]> = [["💬", "chat_status_meeting"], ["🎯", "chat_status_focus"], ["🚆", "chat_status_travel"], ["🤒", "chat_status_ill"], ["🌴", "chat_status_leave"]];
const HOURS: Array<[string, number]> = [["chat_status_hour", 1], ["chat_status_four", 4], ["chat_status_week", 24 * 7], ["chat_status_open", 0]];

/** What one says of oneself for a while, and how much others may know. */
export async function changeStatus(chat: Chat): Promise<void> {
  const now = await api.myStatus().catch(() => null);
  if (!now) return showToast(t("error"), "danger");
  let { emoji, text } = now;
  const field = (name: string): HTMLInputElement | null => asked.dialog.querySelector<HTMLInputElement>(`[name=${name}]`);
  const suggest = (sign: string, words: string): void => {
    field("emoji")!.value = sign;
    field("text")!.value = words;
  };
  const asked = ask(chat, {
    title: t("chat_status"),
    submit: t("chat_save"),
    body: () => html`
      <div class="status-field"><input class="input status-field__emoji" name="emoji" maxlength="8" aria-label=${t("chat_status_emoji")} placeholder="🙂" autocomplete="off" .value=${emoji}><input class="input" name="text" maxlength="100" aria-label=${t("chat_status_text")} placeholder=${t("chat_status_text")} autocomplete="off" .value=${text}></div>
      <div class="row" role="group" aria-label=${t("chat_status_ideas")}>${STATUSES.map(([sign, key]) => html`<button type="button" class="chip" @click=${() => suggest(sign, t(key))}>${sign} ${t(key)}</button>`)}</div>
      <div class="field"><label class="field__label" for="chat-until">${t("chat_status_until")}</label><span class="select"><select class="input" id="chat-until" name="hours">${HOURS.map(([key, hours]) => html`<option value=${hours} ?selected=${hours === 4}>${t(key)}</option>`)}</select>${icon("chevron-down", "small")}</span></div>
      <label class="check"><input type="checkbox" name="dnd" ?checked=${Boolean(now.undisturbed_until)}><span>${t("chat_dnd")}<span class="faint check__hint">${t("chat_status_dnd_hint")}</span></span></label>
      <label class="check"><input type="checkbox" name="hides" ?checked=${now.hides_presence}><span>${t("chat_status_hide")}<span class="faint check__hint">${t("chat_status_hide_hint")}</span></span></label>`,
    send: async (data) => {
      [emoji, text] = [String(data.get("emoji") ?? "").trim(), String(data.get("text") ?? "").trim()];
      const hours = Number(data.get("hours"));
      const until = hours ? new Date(Date.now() + hours * 3_600_000).toISOString() : null;
      // Not to be disturbed always ends: nobody should be forgotten in it.
      const undisturbed = data.has("dnd") ? new Date(Date.now() + (hours || 24) * 3_600_000).toISOString() : null;
      hasStatus(chat, await api.setStatus({ emoji, text, until: emoji || text ? until : null, undisturbed_until: undisturbed, hides_presence: data.has("hides") }));
    },
  });
}
