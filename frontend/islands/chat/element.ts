/** <parvis-chat>: takes over the chat page that the server drew (README.md). */
import { t } from "../../strings.ts";
import { showToast } from "../../behaviors/toast.ts";
import { Chat, type Regions } from "./chat.ts";
import { isBusy } from "./composers.ts";
import { shareEntry } from "./dialogs.ts";
import { press, showMessageMenu } from "./doing.ts";
import { hear } from "./hearing.ts";
import { pressed, travelled } from "./keys.ts";
import type { State } from "./model/types.ts";
import { search } from "./panels.ts";
import { react, submit, tellTyping } from "./writing.ts";

const SEARCH_PAUSE_MS = 250;
const REST_MS = 450;

export class ParvisChat extends HTMLElement {
  private chat: Chat | undefined;
  private readonly ending = new AbortController();

  connectedCallback(): void {
    const state = JSON.parse(this.querySelector("#chat-state")?.textContent ?? "null") as State | null;
    if (!state || this.chat) return;
    // Before anything is measured: until then the log is laid out from its end.
    this.dataset.ready = "";
    this.chat = new Chat(this, regionsOf(this), state);
    this.listen(this.chat);
    const shared = new URLSearchParams(location.search).get("share");
    if (shared) shareEntry(this.chat, shared);
    fitToKeyboard(this, this.ending.signal);
  }

  disconnectedCallback(): void {
    this.ending.abort();
  }

  private listen(chat: Chat): void {
    const { signal } = this.ending;
    const on = (target: EventTarget, type: string, hears: (event: Event) => void, capture = false): void => target.addEventListener(type, hears, { signal, capture });
    // Before anybody else: no page is loaded, and the outbox of other pages must not take it.
    on(window, "submit", (event) => submitted(chat, event), true);
    on(this, "click", (event) => clicked(chat, event as MouseEvent));
    on(this, "contextmenu", (event) => held(chat, event as PointerEvent));
    resting(this, (event) => held(chat, event), signal);
    on(this, "input", inputs(chat));
    on(this, "change", (event) => changed(chat, event.target as HTMLElement));
    on(this, "keydown", (event) => pressed(chat, event as KeyboardEvent));
    on(document, "keydown", (event) => travelled(chat, event as KeyboardEvent));
    on(document, "parvis:live", (event) => void hear(chat, (event as CustomEvent).detail));
    on(document, "parvis:reload", () => void chat.catchUp());
    on(document, "parvis:connected", (event) => {
      if (!(event as CustomEvent<boolean>).detail) return;
      chat.outbox.flush();
      chat.askPresence();
    });
    on(window, "online", () => chat.outbox.flush());
    on(window, "focus", () => chat.looked());
    on(document, "visibilitychange", () => chat.looked());
    on(window, "popstate", () => returned(chat));
  }
}

function regionsOf(root: HTMLElement): Regions {
  const one = (name: string): HTMLElement => root.querySelector<HTMLElement>(`[data-region="${name}"]`)!;
  return { title: one("title"), list: one("list"), head: one("head"), log: one("log"), messages: one("messages"), down: one("down"), foot: one("foot"), composer: one("composer"), panel: one("panel") };
}

function submitted(chat: Chat, event: Event): void {
  const form = event.target as HTMLFormElement;
  if (!chat.root.contains(form) || form.closest("dialog")) return;
  const isReaction = form.matches("[data-reactions]");
  if (!isReaction && !form.matches("[data-chat], [data-edits]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (isReaction) {
    chat.root.querySelector<HTMLElement>("#chat-menu:popover-open")?.hidePopover();
    const emoji = ((event as SubmitEvent).submitter as HTMLButtonElement | null)?.value;
    if (emoji && form.dataset.message) void react(chat, form.dataset.message, emoji);
  } else if (isBusy(form)) {
    form.dataset.sendsLater = "";
    showToast(t("chat_uploading"));
  } else submit(chat, form);
}

function clicked(chat: Chat, event: MouseEvent): void {
  const target = event.target as Element;
  const button = target.closest<HTMLElement>("[data-do]");
  if (button) return press(chat, button);
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const link = target.closest<HTMLElement>("a[data-room], a[data-goto], a[data-back]");
  if (!link) return;
  event.preventDefault();
  if (link.dataset.back !== undefined) return chat.close();
  if (link.dataset.room) return void chat.open(link.dataset.room);
  const goal = { message: link.dataset.goto!, seq: Number(link.dataset.gotoSeq) || undefined };
  const room = link.dataset.gotoRoom;
  // On a phone the panel covers what it leads to.
  if (chat.panel?.kind !== "thread" && matchMedia("(width < 64rem)").matches) chat.panel = null;
  void (room && room !== chat.room?.id ? chat.open(room, goal) : chat.goTo(goal.message, goal.seq));
}

/** Not every browser makes a context menu of a finger that rests. */
function resting(root: HTMLElement, rests: (event: PointerEvent) => void, signal: AbortSignal): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  root.addEventListener("pointerdown", (event) => {
    clearTimeout(timer);
    if (event.pointerType === "touch") timer = setTimeout(() => rests(event), REST_MS);
  }, { signal });
  for (const end of ["pointerup", "pointercancel", "scroll"]) root.addEventListener(end, () => clearTimeout(timer), { signal, capture: true });
}

/** A finger that rests on a message, or the menu key, asks what can be done with it. */
function held(chat: Chat, event: PointerEvent): void {
  const article = (event.target as Element).closest<HTMLElement>(".message[data-seq]");
  if (!article || event.pointerType === "mouse" || (event.target as Element).closest("a, img, textarea")) return;
  const message = chat.find(article.dataset.id!);
  if (!message || message.deleted_at) return;
  event.preventDefault();
  if (chat.root.querySelector("#chat-menu:popover-open")) return;
  showMessageMenu(chat, article, message, article.closest(".chat__panel") ? "panel" : "log");
}

function inputs(chat: Chat): (event: Event) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (event) => {
    const field = event.target as HTMLInputElement;
    const form = field.closest<HTMLFormElement>("[data-chat]") ?? (field.matches("form[data-chat]") ? (field as unknown as HTMLFormElement) : null);
    if (field.matches("[data-find]")) {
      chat.query = field.value;
      chat.draw();
    } else if (field.matches("[data-search]")) {
      clearTimeout(timer);
      timer = setTimeout(() => void search(chat, field.value), SEARCH_PAUSE_MS);
    } else if (form && form.dataset.sendsLater !== undefined && !isBusy(form)) {
      delete form.dataset.sendsLater;
      form.requestSubmit();
    } else if (form && field.matches("[data-text]") && field.value) tellTyping(chat);
  };
}

function changed(chat: Chat, field: HTMLElement): void {
  if (field.dataset.choose) chat.choose(field.dataset.choose);
  else if (field.matches("#chat-date, [data-jump]")) void chat.goToDate((field as HTMLInputElement).value);
}

function returned(chat: Chat): void {
  const id = /\/chat\/([0-9a-f-]{36})$/.exec(location.pathname)?.[1];
  if (id) void chat.open(id, {}, { isBack: true });
  else chat.leaveRoom();
}

/** Safari lays the keyboard over the page: the chat is as tall as what is left. */
function fitToKeyboard(root: HTMLElement, signal: AbortSignal): void {
  const screen = window.visualViewport;
  if (!screen) return;
  const fit = (): void => {
    const isCovered = window.innerHeight - screen.height > 80 && screen.scale === 1;
    root.style.setProperty("--chat-height", isCovered ? `${screen.height}px` : "");
    if (isCovered) window.scrollTo(0, 0);
  };
  screen.addEventListener("resize", fit, { signal });
}

customElements.define("parvis-chat", ParvisChat);
