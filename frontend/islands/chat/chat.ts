/** What the island knows and what it can do; the views draw it, element.ts hears the page. */
import { nothing, render } from "lit";
import { announce } from "../../announce.ts";
import { showToast } from "../../behaviors/toast.ts";
import { t } from "../../strings.ts";
import * as api from "./api.ts";
import { begin, composerFor, editorFor, fieldOf, written } from "./composers.ts";
import { Teller, Typing, type Presence } from "./model/around.ts";
import { sketch } from "./model/markdown.ts";
import { asMessage, Outbox } from "./model/outbox.ts";
import { excerptOf, sorted, withLine, withMessage, without, withRead, withRoom, type Filter } from "./model/rooms.ts";
import { rowsOf, type Shown } from "./model/rows.ts";
import * as lines from "./model/timeline.ts";
import type { Message, Page, Person, Quote, Room, SpaceName, State, Status } from "./model/types.ts";
import { Scroller } from "./scroller.ts";
import { undoable } from "./undo.ts";
import type { Panel, View } from "./view.ts";
import { foot, head } from "./views/head.ts";
import { list } from "./views/list.ts";
import { log } from "./views/message.ts";
import { panel } from "./views/panel.ts";
import { start } from "./views/start.ts";

const READ_EVERY_MS = 1_000;
const ROOMS_KEPT = 20;
const EVEN_MORE = 60;

export interface Regions { title: HTMLElement; list: HTMLElement; head: HTMLElement; log: HTMLElement; messages: HTMLElement; down: HTMLElement; foot: HTMLElement; composer: HTMLElement; panel: HTMLElement }

export interface Goal { message?: string; seq?: number; at?: string }

export class Chat implements View {
  viewer: Person;
  rooms: readonly Room[];
  spaces: readonly SpaceName[];
  room: Room | null;
  timeline: lines.Timeline;
  filter: Filter = "all";
  query = "";
  panel: Panel | null = null;
  replyTo: Message | null = null;
  editing: View["editing"] = null;
  selecting: Set<string> | null = null;
  isLoading = false;
  /** Arrived while one reads further up. */
  unseen = 0;
  private newAfter: number | null = null;
  private readonly kept = new Map<string, lines.Timeline>();
  private readonly here = new Map<string, Presence>();
  private readonly typing = new Typing();
  private readonly teller = new Teller();
  private readonly people = new Map<string, string>();
  private readonly gone = new Set<string>();
  private drafts = new Map<string, string>();
  private isFetching = false;
  private isDue = false;
  private readTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly scroller: Scroller;
  readonly outbox: Outbox;
  composer: HTMLFormElement | null;

  constructor(readonly root: HTMLElement, private readonly at: Regions, state: State) {
    this.viewer = state.viewer;
    this.rooms = sorted(state.rooms);
    this.spaces = state.spaces ?? [];
    this.room = state.room;
    if (state.room) this.rooms = withRoom(this.rooms, state.room);
    this.timeline = state.page ? lines.opened(this.seen(state.page)) : lines.EMPTY;
    this.newAfter = newFrom(state.room);
    this.composer = at.composer.querySelector("form");
    this.composer?.setAttribute("data-chat", "room");
    this.outbox = new Outbox(
      { read: () => localStorage.getItem(this.outboxKey), write: (text) => localStorage.setItem(this.outboxKey, text) },
      api.post,
      (message) => this.received(message),
      () => this.draw(),
    );
    for (const region of [at.list, at.head, at.messages, at.foot, at.panel]) region.replaceChildren();
    this.scroller = new Scroller(at.log, at.messages, { nearTop: () => void this.older(), nearEnd: () => void this.newer(), moved: () => this.moved() });
    this.readDrafts();
    this.drawNow();
    this.settle();
    this.outbox.flush();
    this.follow();
  }

  // What the views ask.
  presence = (id: string): Presence | undefined => this.here.get(id);
  typingIn = (room: string): string[] => this.typing.in(room).filter((id) => id !== this.viewer.id);
  draftOf = (room: string): string => this.drafts.get(room) ?? "";
  isGone = (id: string): boolean => this.gone.has(id);
  nameOf = (id: string): string => this.people.get(id) ?? this.rooms.flatMap(({ members }) => members).find((person) => person.id === id)?.name ?? "";

  private get outboxKey(): string {
    return `parvis-chat-outbox:${this.viewer.id}`;
  }

  private get canWrite(): boolean {
    return Boolean(this.room?.can.post);
  }

  // Drawing.
  draw(): void {
    if (this.isDue) return;
    this.isDue = true;
    queueMicrotask(() => {
      this.isDue = false;
      this.drawNow();
    });
  }

  private drawNow(): void {
    this.root.dataset.view = this.room ? (this.panel ? "panel" : "room") : this.panel ? "panel" : "list";
    render(list(this), this.at.list);
    this.at.panel.hidden = this.panel === null;
    if (this.panel) render(panel(this.panel, this.room, this), this.at.panel);
    this.at.title.textContent = this.room?.name ?? t("chat_title");
    if (!this.room) return void render(nothing, this.at.head);
    this.at.log.setAttribute("aria-label", t("chat_log", { name: this.room.name }));
    render(head(this.room, this), this.at.head);
    render(foot(this.room, this), this.at.foot);
    this.at.composer.hidden = !this.canWrite || this.selecting !== null;
    this.scroller.keeping(() => render(this.isLoading ? start("loading", this.room!, this) : [this.timeline.hasBefore ? "" : start("beginning", this.room!, this), log(this.rows(), this)], this.at.messages));
    this.showDown();
  }

  private rows() {
    const pending = this.timeline.hasAfter ? [] : this.outbox.of(this.room!.id).map((letter) => this.pendingMessage(letter.id));
    const there = this.timeline.messages.filter(({ id }) => !this.gone.has(id));
    const ids = new Set(there.map(({ id }) => id));
    return rowsOf([...there, ...pending.filter(({ id }) => !ids.has(id))], { newAfter: this.newAfter, viewer: this.viewer.id });
  }

  private readonly looks = new Map<string, Message["attachments"]>();

  private pendingMessage(id: string): Shown {
    const letter = [...this.outbox.of(this.room!.id), ...(this.panel?.kind === "thread" ? this.outbox.of(this.room!.id, this.panel.root.id) : [])].find((one) => one.id === id)!;
    return { ...asMessage(letter, this.viewer, sketch(letter.body)), attachments: this.looks.get(id) ?? [] };
  }

  private showDown(): void {
    const isShown = !this.scroller.isAtEnd || this.timeline.hasAfter;
    this.at.down.hidden = !isShown;
    this.at.down.querySelector("span")!.textContent = this.unseen ? t("chat_new_messages", { count: this.unseen }) : t("chat_latest");
    this.at.down.toggleAttribute("data-news", this.unseen > 0);
  }

  private settle(): void {
    if (!this.room) return;
    const goal = new URLSearchParams(location.search).get("message");
    if (goal) return void this.goTo(goal);
    const line = this.at.messages.querySelector<HTMLElement>("#chat-new-line");
    this.scroller.toEnd();
    if (line && line.getBoundingClientRect().top < this.at.log.getBoundingClientRect().top) this.scroller.to(line, "start");
    this.moved();
  }

  private moved(): void {
    if (this.scroller.isAtEnd && !this.timeline.hasAfter) {
      this.unseen = 0;
      this.markRead();
    }
    this.showDown();
  }

  // Conversations.
  async open(id: string, goal: Goal = {}, { isBack = false } = {}): Promise<void> {
    const room = this.rooms.find((one) => one.id === id) ?? (await this.fetchRoom(id));
    if (!room) return;
    if (this.room && !this.isLoading) this.keep(this.room.id, this.timeline);
    const isSame = this.room?.id === id;
    this.room = room;
    this.replyTo = this.editing = this.selecting = null;
    this.panel = this.panel?.kind === "about" ? { kind: "about", members: null } : this.panel?.kind === "search" ? this.panel : null;
    this.unseen = 0;
    this.newAfter = newFrom(room);
    this.readDrafts();
    if (!isBack && !isSame) history.pushState({ room: id }, "", room.url);
    document.title = `${room.name} · Parvis`;
    if (!isSame || !this.composer) this.compose(room);
    this.follow();
    const known = this.kept.get(id);
    const isDirect = !goal.message && !goal.seq && !goal.at;
    this.timeline = known && isDirect ? known : lines.EMPTY;
    this.isLoading = !known || !isDirect;
    this.drawNow();
    if (!this.isLoading) this.settle();
    if (goal.message) return this.goTo(goal.message, goal.seq);
    const where = goal.at ? { at: goal.at } : goal.seq ? { around: goal.seq } : room.unread_count > EVEN_MORE ? { around: room.read_seq } : {};
    await this.load(id, where, isDirect && Boolean(known));
    if (!matchMedia("(pointer: coarse)").matches) fieldOf(this.composer)?.focus({ preventScroll: true });
  }

  close(): void {
    const home = this.room?.url.replace(/\/[^/]+$/, "") ?? location.pathname;
    history.pushState({}, "", home);
    this.leaveRoom();
  }

  leaveRoom(): void {
    if (this.room) this.keep(this.room.id, this.timeline);
    this.room = null;
    this.panel = null;
    this.readDrafts();
    document.title = `${t("chat_title")} · Parvis`;
    this.follow();
    this.draw();
  }

  private compose(room: Room): void {
    const form = composerFor(room.id, `chat-${room.id}`);
    this.composer = form;
    form?.setAttribute("data-chat", "room");
    const field = fieldOf(form);
    if (field) field.placeholder = t("chat_write_to", { name: room.name });
    this.at.composer.replaceChildren(...(form ? [form] : []));
  }

  private async load(id: string, where: Parameters<typeof api.messages>[1], isUpdate: boolean): Promise<void> {
    const page = await this.fetch(id, isUpdate ? { after: this.timeline.heard } : where);
    if (!page || this.room?.id !== id) return;
    const isFar = isUpdate && page.has_after;
    if (isFar) return this.load(id, {}, false);
    this.timeline = isUpdate ? lines.withNewer(this.timeline, page) : lines.opened(page);
    this.isLoading = false;
    if (!isUpdate) this.scroller.isAtEnd = !where?.at;
    this.drawNow();
    if (where?.at) this.at.log.scrollTop = 0;
    else if (!isUpdate) this.settle();
  }

  private async fetch(id: string, where: Parameters<typeof api.messages>[1]): Promise<Page | null> {
    return this.seen(await api.messages(id, where).catch(() => null));
  }

  private seen(page: Page): Page;
  private seen(page: Page | null): Page | null;
  private seen(page: Page | null): Page | null {
    if (!page) return null;
    return { ...page, messages: page.messages.map((message) => this.know(message)) };
  }

  private know(message: Message): Shown {
    if (message.author) this.people.set(message.author.id, message.author.name);
    return lines.seenBy(message, this.viewer.id);
  }

  private keep(id: string, timeline: lines.Timeline): void {
    this.kept.delete(id);
    if (timeline.messages.length && !timeline.hasAfter) this.kept.set(id, timeline);
    if (this.kept.size > ROOMS_KEPT) this.kept.delete(this.kept.keys().next().value!);
  }

  private async fetchRoom(id: string): Promise<Room | null> {
    const room = await api.room(id).catch((error: unknown) => {
      if (error instanceof api.Refused && error.status === 404) this.forget(id);
      return null;
    });
    if (room) this.rooms = withRoom(this.rooms, room);
    if (room && this.room?.id === id) this.room = this.rooms.find((one) => one.id === id)!;
    this.draw();
    return room;
  }

  forget(id: string): void {
    this.rooms = without(this.rooms, id);
    this.kept.delete(id);
    if (this.room?.id === id) this.close();
    this.draw();
  }

  updateRoom(values: Partial<Room>, id = this.room?.id): void {
    this.rooms = this.rooms.map((room) => (room.id === id ? { ...room, ...values } : room));
    this.syncRoom();
  }

  async join(): Promise<void> {
    if (!this.room) return;
    await api.join(this.room.id, this.viewer.id).then((room) => this.addRoom(room), (error: unknown) => this.complain(error));
    this.syncRoom();
    if (!this.composer && this.canWrite) this.compose(this.room);
    fieldOf(this.composer)?.focus();
  }

  addRoom(room: Room): void {
    this.rooms = withRoom(this.rooms, room);
  }

  private syncRoom(): void {
    this.room = this.rooms.find(({ id }) => id === this.room?.id) ?? this.room;
    this.draw();
  }

  private follow(): void {
    this.root.dataset.liveTopic = `rooms presence${this.room ? ` room:${this.room.id}` : ""}`;
    document.dispatchEvent(new Event("parvis:follow"));
    this.askPresence();
  }

  askPresence(): void {
    const people = new Set(this.rooms.filter(({ kind }) => kind === "direct").flatMap(({ members }) => members.map(({ id }) => id)));
    people.add(this.viewer.id);
    for (const person of this.room?.members ?? []) people.add(person.id);
    if (this.panel?.kind === "about") for (const person of this.panel.members ?? []) people.add(person.id);
    if (people.size) say({ presence_of: [...people].slice(0, 200) });
  }

  // History.
  private async older(): Promise<void> {
    if (!this.timeline.hasBefore || this.isLoading) return;
    await this.extend(async (room) => {
      const first = this.timeline.messages[0]?.seq;
      const page = await this.fetch(room, { before: first });
      return page && ((timeline) => lines.withOlder(timeline, page));
    });
  }

  private async newer(): Promise<void> {
    if (!this.timeline.hasAfter || this.isLoading) return;
    await this.extend(async (room) => {
      const page = await this.fetch(room, { after: this.timeline.messages.at(-1)?.seq });
      return page && ((timeline) => lines.withNewer(timeline, page));
    });
  }

  private async extend(ask: (room: string) => Promise<((timeline: lines.Timeline) => lines.Timeline) | null>): Promise<void> {
    if (this.isFetching || !this.room) return;
    const { id } = this.room;
    this.isFetching = true;
    const change = await ask(id).finally(() => (this.isFetching = false));
    if (!change || this.room?.id !== id) return;
    this.scroller.isAtEnd &&= !this.timeline.hasAfter;
    this.timeline = change(this.timeline);
    this.drawNow();
  }

  async toLatest(): Promise<void> {
    if (this.timeline.hasAfter && this.room) {
      await this.load(this.room.id, {}, false);
      this.newAfter = null;
    }
    this.drawNow();
    this.scroller.toEnd();
    this.moved();
  }

  /** What was missed, after a cut or a gap. */
  async catchUp(): Promise<void> {
    this.kept.clear();
    const rooms = await api.rooms().catch(() => null);
    if (rooms) this.rooms = sorted(rooms.reduce<readonly Room[]>((all, room) => withRoom(all, room), this.rooms));
    this.syncRoom();
    if (this.room && !this.timeline.hasAfter) await this.load(this.room.id, {}, this.timeline.messages.length > 0);
  }

  async goTo(id: string, seq?: number): Promise<void> {
    if (!lines.find(this.timeline, id)) {
      const room = this.room?.id;
      const around = seq ?? (await api.message(id).catch(() => null))?.seq;
      if (!room || !around) {
        this.isLoading = false;
        if (room && !this.timeline.messages.length) await this.load(room, {}, false);
        return showToast(t("chat_not_there"), "danger");
      }
      const page = await this.fetch(room, { around });
      if (!page || this.room?.id !== room) return;
      this.timeline = lines.opened(page);
    }
    this.isLoading = false;
    this.scroller.isAtEnd = false;
    this.drawNow();
    const target = this.at.messages.querySelector<HTMLElement>(`#message-${CSS.escape(id)}`);
    if (!target) return;
    this.scroller.to(target);
    target.classList.add("message--found");
    target.addEventListener("animationend", () => target.classList.remove("message--found"), { once: true });
    target.focus({ preventScroll: true });
  }

  async goToDate(at: string): Promise<void> {
    if (!this.room || !at) return;
    this.isLoading = true;
    await this.load(this.room.id, { at }, false);
  }

  // Reading.
  markRead(): void {
    const room = this.room;
    if (!room || document.hidden || !document.hasFocus()) return;
    const seq = Math.max(this.timeline.heard, room.last_seq);
    if (seq <= room.read_seq && !room.unread_count && !room.mention_count) return;
    this.rooms = withRead(this.rooms, room.id, seq);
    this.syncRoom();
    clearTimeout(this.readTimer);
    this.readTimer = setTimeout(() => void api.read(room.id, seq).catch(() => {}), this.readTimer ? READ_EVERY_MS : 0);
  }

  async markUnread(message: Message): Promise<void> {
    await api.unread(message.room, message.seq).catch((error: unknown) => this.complain(error));
    this.newAfter = message.seq - 1;
    this.updateRoom({ read_seq: message.seq - 1, unread_count: this.timeline.messages.filter(({ seq }) => seq >= message.seq).length }, message.room);
  }

  looked(): void {
    if (this.scroller.isAtEnd && !this.timeline.hasAfter) this.markRead();
  }

  // Writing.
  submit(form: HTMLFormElement): void {
    if (form.dataset.edits) return void this.saveEdit(form);
    const text = written(form);
    if (!text || !this.room) return;
    const thread = form.dataset.thread ?? null;
    const quote = thread ? null : this.quoteOf(this.replyTo);
    this.looks.set(text.id, text.attachments);
    begin(form);
    if (!thread) {
      this.replyTo = null;
      this.newAfter = null;
      this.scroller.isAtEnd = true;
      if (this.timeline.hasAfter) void this.toLatest();
    }
    this.outbox.add({ id: text.id, room: this.room.id, body: text.body, files: text.files, reply_to: quote?.id ?? null, thread }, quote);
    this.syncThread();
  }

  private quoteOf(message: Message | null): Quote | null {
    return message && { id: message.id, seq: message.seq, author: message.author, excerpt: excerptOf(message) };
  }

  tellTyping(): void {
    if (this.room && this.teller.isDue(this.room.id)) say({ typing: this.room.id });
  }

  retry(id: string): void {
    this.outbox.retry(id);
  }

  /** A refused text goes back to where it was written. */
  rewrite(id: string): void {
    const letter = this.outbox.discard(id);
    const field = fieldOf(letter?.thread && this.panel?.kind === "thread" ? this.panel.form : this.composer);
    if (!letter || !field) return;
    field.value = [letter.body, field.value].filter(Boolean).join("\n\n");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }

  startReply(message: Message): void {
    this.replyTo = message;
    this.draw();
    fieldOf(this.composer)?.focus();
  }

  startEdit(message: Message, place: "log" | "panel"): void {
    const form = editorFor(message.room, message.id, message.body, t("chat_save"));
    if (!form) return;
    this.editing = { id: message.id, place, form };
    this.drawNow();
    const field = fieldOf(form);
    field?.focus();
    field?.setSelectionRange(field.value.length, field.value.length);
    form.scrollIntoView({ block: "nearest" });
  }

  cancelEdit(): void {
    this.editing = null;
    this.draw();
    fieldOf(this.composer)?.focus();
  }

  editLast(): boolean {
    const mine = [...this.timeline.messages].reverse().find((message) => message.author?.id === this.viewer.id && !message.deleted_at && message.kind === "text");
    if (mine) this.startEdit(mine, "log");
    return mine !== undefined;
  }

  private async saveEdit(form: HTMLFormElement): Promise<void> {
    const said = this.find(form.dataset.edits!);
    const text = written(form);
    if (!said || !text) return;
    this.cancelEdit();
    if (text.body === said.body) return;
    this.changed({ ...said, body: text.body, html: sketch(text.body) });
    try {
      this.changed(await api.edit(said.id, text.body, Number(form.dataset.version ?? said.version)));
    } catch (error) {
      this.changed(said);
      this.complain(error);
      const current = error instanceof api.Refused && error.status === 409 ? await api.message(said.id).catch(() => null) : null;
      if (current) this.changed(current);
      this.startEdit({ ...(current ?? said), body: text.body }, "log");
    }
  }

  remove(message: Message): void {
    this.gone.add(message.id);
    this.draw();
    undoable(
      t("chat_deleted_toast"),
      () => {
        this.gone.delete(message.id);
        this.draw();
      },
      async () => {
        try {
          await api.remove(message.id);
          this.changed({ ...message, body: "", html: "", attachments: [], reactions: [], quote: null, is_pinned: false, deleted_at: new Date().toISOString() });
        } catch (error) {
          this.complain(error);
        }
        this.gone.delete(message.id);
        this.draw();
      },
    );
  }

  async react(id: string, emoji: string): Promise<void> {
    const said = this.find(id);
    if (!said) return;
    const isOn = !said.reactions.find((reaction) => reaction.emoji === emoji)?.mine;
    this.changed({ ...said, reactions: toggled(said, emoji, isOn, this.viewer.id) });
    try {
      await api.react(id, emoji, isOn);
    } catch (error) {
      this.changed(said);
      this.complain(error);
    }
  }

  async pin(message: Message): Promise<void> {
    const isOn = !message.is_pinned;
    this.changed({ ...message, is_pinned: isOn });
    try {
      await api.pin(message.id, isOn);
      announce(t(isOn ? "chat_pinned" : "chat_unpinned"));
    } catch (error) {
      this.changed(message);
      this.complain(error);
    }
    if (this.panel?.kind === "pins") void this.showPins();
  }

  async removePreview(message: Message): Promise<void> {
    this.changed({ ...message, preview: null });
    await api.removePreview(message.id).catch((error: unknown) => {
      this.changed(message);
      this.complain(error);
    });
  }

  // Side panel.
  async showPins(): Promise<void> {
    const { room } = this;
    if (!room) return;
    this.panel = { kind: "pins", messages: this.panel?.kind === "pins" ? this.panel.messages : null };
    this.draw();
    const messages = await api.pins(room.id).catch(() => []);
    if (this.panel?.kind === "pins" && this.room?.id === room.id) this.panel = { kind: "pins", messages };
    this.draw();
  }

  showSearch(everywhere: boolean): void {
    this.panel = { kind: "search", everywhere: everywhere || !this.room, query: "", found: null, isAsking: false };
    this.drawNow();
    this.at.panel.querySelector<HTMLElement>("input[type=search]")?.focus();
  }

  async search(query: string): Promise<void> {
    if (this.panel?.kind !== "search") return;
    const asked: Panel = { ...this.panel, query, isAsking: query.trim().length > 1, found: query.trim().length > 1 ? this.panel.found : null };
    this.panel = asked;
    this.draw();
    if (!asked.isAsking) return;
    const found = await api.search(query.trim(), asked.everywhere ? undefined : this.room?.id).catch(() => []);
    if (this.panel !== asked) return;
    this.panel = { ...asked, found, isAsking: false };
    this.draw();
  }

  showAbout(): void {
    this.panel = this.panel?.kind === "about" ? null : { kind: "about", members: null };
    this.draw();
    this.askPresence();
  }

  async showMembers(): Promise<void> {
    const members = this.room ? await api.members(this.room.id).catch(() => null) : null;
    if (this.panel?.kind === "about" && members) this.panel = { kind: "about", members };
    this.draw();
    this.askPresence();
  }

  async showThread(root: Message): Promise<void> {
    const form = this.canWrite ? composerFor(root.room, `thread-${root.id}`) : null;
    if (form) {
      form.dataset.thread = root.id;
      fieldOf(form)!.placeholder = t("chat_reply_thread_to", { name: root.author?.name ?? "" });
    }
    this.panel = { kind: "thread", root, replies: null, form };
    this.drawNow();
    fieldOf(form)?.focus();
    const replies = await api.thread(root.id).catch(() => []);
    if (this.panel?.kind !== "thread" || this.panel.root.id !== root.id) return;
    this.panel = { ...this.panel, replies: replies.filter(({ id }) => id !== root.id).map((reply) => this.know(reply)) };
    this.syncThread();
    this.threadToEnd();
  }

  private syncThread(): void {
    if (this.panel?.kind !== "thread" || !this.room) return;
    const root = lines.find(this.timeline, this.panel.root.id) ?? this.panel.root;
    const sent = (this.panel.replies ?? []).filter(({ pending }) => !pending);
    const ids = new Set(sent.map(({ id }) => id));
    const pending = this.outbox.of(this.room.id, root.id).filter(({ id }) => !ids.has(id)).map(({ id }) => this.pendingMessage(id));
    this.panel = { ...this.panel, root, replies: this.panel.replies === null ? null : [...sent, ...pending] };
    this.drawNow();
    if (pending.length) this.threadToEnd();
  }

  private threadToEnd(): void {
    const body = this.at.panel.querySelector(".chat__panel-body");
    if (body) body.scrollTop = body.scrollHeight;
  }

  closePanel(): void {
    this.panel = null;
    this.draw();
    fieldOf(this.composer)?.focus();
  }

  // Selecting.
  choose(id: string | null): void {
    this.selecting ??= new Set();
    if (id && !this.selecting.delete(id)) this.selecting.add(id);
    this.draw();
  }

  stopChoosing(): void {
    this.selecting = null;
    this.draw();
  }

  chosen(): Message[] {
    return this.timeline.messages.filter(({ id }) => this.selecting?.has(id));
  }

  // Hearing.
  received(message: Message): void {
    const said = this.know(message);
    this.complete(said);
    this.outbox.arrived(said.id);
    this.typing.stopped(said.room, said.author?.id ?? "");
    const isOpen = this.room?.id === said.room;
    const isMine = said.author?.id === this.viewer.id;
    const isKnown = isOpen && lines.find(this.timeline, said.id) !== undefined;
    const isSeen = isOpen && this.scroller.isAtEnd && !this.timeline.hasAfter && !document.hidden && document.hasFocus();
    if (!this.rooms.some(({ id }) => id === said.room)) void this.fetchRoom(said.room);
    this.rooms = withMessage(this.rooms, said, { viewer: this.viewer.id, isSeen });
    if (isOpen) {
      if (lines.hasMissed(this.timeline, said.seq) && !this.timeline.hasAfter) void this.load(said.room, {}, true);
      if (!isSeen && !isMine && this.newAfter === null && !said.thread_id) this.newAfter = said.seq - 1;
      if (!isSeen && !isMine && !isKnown && !said.thread_id) this.unseen += 1;
      this.timeline = lines.withPosted(this.timeline, said);
      if (said.thread_id && this.panel?.kind === "thread" && this.panel.root.id === said.thread_id && this.panel.replies) {
        this.panel = { ...this.panel, replies: [...this.panel.replies.filter(({ id }) => id !== said.id), said].sort((one, other) => one.seq - other.seq) };
        this.syncThread();
        this.threadToEnd();
      }
      if (!isMine && !isKnown) announce(`${said.author?.name ?? ""}: ${excerptOf(said)}`);
      if (isSeen) queueMicrotask(() => this.markRead());
    } else this.hearElsewhere(said);
    this.syncRoom();
  }

  /** A frame is the same for all, so it does not tell what some may not read (a linked post, an early quote): that is asked for. */
  private complete(said: Message): void {
    if (said.room !== this.room?.id || ![...said.links, ...(said.quote ? [said.quote] : [])].some(({ is_readable }) => is_readable === null)) return;
    void api.message(said.id).then((message) => this.changed(message), () => {});
  }

  private hearElsewhere(said: Message): void {
    const timeline = this.kept.get(said.room);
    if (!timeline) return;
    if (lines.hasMissed(timeline, said.seq)) this.kept.delete(said.room);
    else this.kept.set(said.room, lines.withPosted(timeline, said));
  }

  changed(message: Message): void {
    const said = this.know(message);
    this.complete(said);
    this.timeline = lines.withChanged(this.timeline, said);
    const elsewhere = this.kept.get(said.room);
    if (elsewhere) this.kept.set(said.room, lines.withChanged(elsewhere, said));
    this.rooms = withLine(this.rooms, said);
    const inPanel = (listed: Message[] | null): Message[] | null => listed?.map((one) => (one.id === said.id ? said : one)).filter(({ deleted_at }) => !deleted_at) ?? null;
    if (this.panel?.kind === "pins") this.panel = { ...this.panel, messages: inPanel(this.panel.messages) };
    if (this.panel?.kind === "search") this.panel = { ...this.panel, found: inPanel(this.panel.found) };
    if (this.panel?.kind === "thread") {
      const root = this.panel.root.id === said.id ? { ...said, thread: said.thread ?? this.panel.root.thread } : this.panel.root;
      this.panel = { ...this.panel, root, replies: this.panel.replies?.map((reply) => (reply.id === said.id ? said : reply)) ?? null };
    }
    this.draw();
  }

  /** In whichever window: read on, or marked as unread. The server has counted. */
  heardRead(room: string, read_seq: number, unread_count: number, mention_count: number): void {
    this.updateRoom({ read_seq, unread_count, mention_count }, room);
  }

  heardTyping(room: string, person: string): void {
    this.typing.heard(room, person);
    this.draw();
    setTimeout(() => this.draw(), 6_100);
  }

  heardPresence(people: Record<string, Presence>): void {
    for (const [id, state] of Object.entries(people)) this.here.set(id, state);
    this.draw();
  }

  hasStatus({ emoji, text, until }: Status): void {
    this.viewer = { ...this.viewer, status: emoji || text ? { emoji, text, until } : null };
    this.draw();
  }

  async heardRoom(id: string): Promise<void> {
    await this.fetchRoom(id);
    if (this.panel?.kind === "about" && this.panel.members && this.room?.id === id) await this.showMembers();
  }

  find(id: string): Shown | undefined {
    const panelled = this.panel?.kind === "thread" ? [...(this.panel.replies ?? []), this.panel.root] : [];
    return lines.find(this.timeline, id) ?? panelled.find((message) => message.id === id);
  }

  complain(error: unknown): void {
    showToast(error instanceof api.Refused ? error.message : t("error"), "danger");
  }

  readDrafts(): void {
    const prefix = `parvis-draft:${/^\/o\/[^/]+/.exec(location.pathname)?.[0] ?? ""}chat-`;
    this.drafts = new Map();
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(prefix)) continue;
      const text = (JSON.parse(localStorage.getItem(key) ?? "null") as { body?: string } | null)?.body;
      if (text) this.drafts.set(key.slice(prefix.length), text.slice(0, 120));
    }
  }
}

function newFrom(room: Room | null): number | null {
  return room && room.unread_count > 0 ? room.read_seq : null;
}

function toggled(said: Message, emoji: string, isOn: boolean, viewer: string): Message["reactions"] {
  const others = said.reactions.map((one) => (one.emoji === emoji ? { ...one, mine: isOn, count: one.count + (isOn ? 1 : -1), people: undefined, person_ids: isOn ? [...(one.person_ids ?? []), viewer] : one.person_ids?.filter((id) => id !== viewer) } : one));
  const isThere = others.some((one) => one.emoji === emoji);
  return (isThere || !isOn ? others : [...others, { emoji, count: 1, mine: true, person_ids: [viewer] }]).filter(({ count }) => count > 0);
}

/** To the live gateway: who types and who is there is told and forgotten. */
export function say(words: object): void {
  document.dispatchEvent(new CustomEvent("parvis:say", { detail: words }));
}
