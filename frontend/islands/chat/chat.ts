/** What the island knows and what it can do; the views draw it, element.ts hears the page. */
import { nothing, render } from "lit";
import { showToast } from "../../behaviors/toast.ts";
import { t } from "../../strings.ts";
import * as api from "./api.ts";
import { composerFor, fieldOf } from "./composers.ts";
import { Teller, Typing, type Presence } from "./model/around.ts";
import { sketch } from "./model/markdown.ts";
import { asMessage, Outbox } from "./model/outbox.ts";
import { sorted, without, withRead, withRoom, type Filter } from "./model/rooms.ts";
import { rowsOf, type Shown } from "./model/rows.ts";
import { below } from "./model/seen.ts";
import * as lines from "./model/timeline.ts";
import type { Message, Page, Person, Room, Seen, SpaceName, State } from "./model/types.ts";
import { loadSeen, received } from "./news.ts";
import { loadAbout, panelAfter } from "./panels.ts";
import { Scroller } from "./scroller.ts";
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
  newAfter: number | null = null;
  readonly kept = new Map<string, lines.Timeline>();
  readonly here = new Map<string, Presence>();
  readonly typing = new Typing();
  readonly teller = new Teller();
  readonly people = new Map<string, string>();
  readonly gone = new Set<string>();
  private drafts = new Map<string, string>();
  private isFetching = false;
  isDue = false;
  private readTimer: ReturnType<typeof setTimeout> | undefined;
  readonly scroller: Scroller;
  seenBy: readonly Seen[] = [];
  private seenBelow = new Map<string, Person[]>();
  readonly outbox: Outbox;
  composer: HTMLFormElement | null;

  constructor(readonly root: HTMLElement, readonly at: Regions, state: State) {
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
      (message) => received(this, message),
      () => this.draw(),
    );
    for (const region of [at.list, at.head, at.messages, at.foot, at.panel]) region.replaceChildren();
    this.scroller = new Scroller(at.log, at.messages, { nearTop: () => void this.older(), nearEnd: () => void this.newer(), moved: () => this.moved() });
    this.readDrafts();
    this.drawNow();
    this.settle();
    this.outbox.flush();
    this.follow();
    void loadSeen(this);
  }

  // What the views ask.
  presence = (id: string): Presence | undefined => this.here.get(id);
  typingIn = (room: string): string[] => this.typing.in(room).filter((id) => id !== this.viewer.id);
  draftOf = (room: string): string => this.drafts.get(room) ?? "";
  seenAt = (id: string): Person[] => this.seenBelow.get(id) ?? [];
  isGone = (id: string): boolean => this.gone.has(id);
  nameOf = (id: string): string => this.people.get(id) ?? this.rooms.flatMap(({ members }) => members).find((person) => person.id === id)?.name ?? "";

  private get outboxKey(): string {
    return `parvis-chat-outbox:${this.viewer.id}`;
  }

  get canWrite(): boolean {
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

  drawNow(): void {
    this.root.dataset.view = this.room ? (this.panel ? "panel" : "room") : this.panel ? "panel" : "list";
    render(list(this), this.at.list);
    this.at.panel.hidden = this.panel === null;
    if (this.panel) render(panel(this.panel, this.room, this), this.at.panel);
    this.at.title.textContent = this.room?.name ?? t("chat_title");
    if (!this.room) return void render(nothing, this.at.head);
    this.at.log.setAttribute("aria-label", t("chat_log", { name: this.room.name }));
    render(head(this.room, this), this.at.head);
    render(foot(this.room, this), this.at.foot);
    this.seenBelow = below(this.timeline.messages, this.seenBy);
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

  readonly looks = new Map<string, Message["attachments"]>();

  pendingMessage(id: string): Shown {
    const letter = [...this.outbox.of(this.room!.id), ...(this.panel?.kind === "thread" ? this.outbox.of(this.room!.id, this.panel.root.id) : [])].find((one) => one.id === id)!;
    return { ...asMessage(letter, this.viewer, sketch(letter.body)), attachments: this.looks.get(id) ?? [] };
  }

  private showDown(): void {
    const isShown = !this.scroller.isAtEnd || this.timeline.hasAfter;
    this.at.down.hidden = !isShown;
    this.at.down.querySelector("span")!.textContent = this.unseen ? t("chat_new_messages", { count: this.unseen }) : t("chat_latest");
    this.at.down.toggleAttribute("data-news", this.unseen > 0);
  }

  settle(): void {
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
    this.panel = panelAfter(this, isSame);
    this.unseen = 0;
    this.newAfter = newFrom(room);
    this.readDrafts();
    if (!isBack && !isSame) history.pushState({ room: id }, "", room.url);
    document.title = `${room.name} · Parvis`;
    if (!isSame || !this.composer) this.compose(room);
    this.follow();
    if (this.panel?.kind === "about" && !isSame) void loadAbout(this);
    if (!isSame) this.seenBy = [];
    void loadSeen(this);
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

  async load(id: string, where: Parameters<typeof api.messages>[1], isUpdate: boolean): Promise<void> {
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

  know(message: Message): Shown {
    if (message.author) this.people.set(message.author.id, message.author.name);
    return lines.seenBy(message, this.viewer.id);
  }

  keep(id: string, timeline: lines.Timeline): void {
    this.kept.delete(id);
    if (timeline.messages.length && !timeline.hasAfter) this.kept.set(id, timeline);
    if (this.kept.size > ROOMS_KEPT) this.kept.delete(this.kept.keys().next().value!);
  }

  async fetchRoom(id: string): Promise<Room | null> {
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
    if (this.room?.id === id) showToast(t("chat_out", { name: this.room.name }));
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
    this.mayWriteNow();
  }

  /** Joined, or given back from the archive. */
  mayWriteNow(): void {
    if (this.room && !this.composer && this.canWrite) this.compose(this.room);
    fieldOf(this.composer)?.focus();
  }

  addRoom(room: Room): void {
    this.rooms = withRoom(this.rooms, room);
  }

  syncRoom(): void {
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

/** To the live gateway: who types and who is there is told and forgotten. */
export function say(words: object): void {
  document.dispatchEvent(new CustomEvent("parvis:say", { detail: words }));
}
