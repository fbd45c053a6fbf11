/** What is written without a connection waits here, visibly, and is sent once when there is one again.
 *
 *  Each form carries a UUID made in the browser; the server answers a second post with the same UUID as it
 *  answered the first, so that trying again never publishes twice. */

import { uuid7 } from "../behaviors/uuid.ts";
import { t } from "../strings.ts";
import { announce } from "./announce.ts";
import { editor } from "./letter-editor.ts";
import { Letters, type Letter } from "./letters.ts";

const KEPT = "form[data-composer], form[data-outbox]";
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
const AWAY_TIMEOUT = "10s";
const SENT_IS_SHOWN_MS = 3_000;
const EXCERPT = 60;

interface Sending {
  ctx: { sourceElement?: Element; request: { timeout?: string } };
  error?: unknown;
}

export interface Outbox {
  /** Tell whether the live connection is away: then nobody waits long for an answer before a text is kept. */
  setAway(isAway: boolean): void;
}

export function startOutbox(viewer: string): Outbox {
  const letters = new Letters(viewer);
  let isAway = false;
  const { flush, flushLater } = postman(letters);

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement) || !form.matches(KEPT)) return;
      // Away may mean the live connection alone: then the page itself is tried first, and answers where it always does.
      if (navigator.onLine) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      keep(letters, form, event.submitter);
      flush();
    },
    true,
  );
  document.addEventListener("htmx:config:request", (event) => {
    const { ctx } = (event as CustomEvent<Sending>).detail;
    if (isAway && formOf(ctx)) ctx.request.timeout = AWAY_TIMEOUT;
  });
  // The connection broke while htmx was sending, or nobody answered.
  document.addEventListener(
    "htmx:error",
    (event) => {
      const { ctx, error } = (event as CustomEvent<Partial<Sending>>).detail ?? {};
      const form = formOf(ctx);
      if (!form || !(error instanceof TypeError || (error as Error)?.name === "AbortError")) return;
      // Kept, so not an error to report.
      event.stopImmediatePropagation();
      keep(letters, form, null);
      flushLater();
    },
    true,
  );
  window.addEventListener("online", flush);
  window.addEventListener("storage", (event) => event.key === letters.key && show(letters, flush));
  letters.onChange = () => show(letters, flush);
  letters.reviveInterrupted();
  show(letters, flush);
  flush();
  return {
    setAway(away) {
      isAway = away;
      if (!away) flush();
    },
  };
}

function formOf(ctx: Partial<Sending["ctx"]> | undefined): HTMLFormElement | null {
  const form = ctx?.sourceElement?.closest?.<HTMLFormElement>("form");
  return form?.matches(KEPT) ? form : null;
}

function keep(letters: Letters, form: HTMLFormElement, submitter: HTMLElement | null): void {
  const uuid = form.querySelector<HTMLInputElement>("input[name=id]");
  if (uuid && !uuid.value) uuid.value = uuid7();
  const fields = [...new FormData(form, submitter)].filter(
    (pair): pair is [string, string] => typeof pair[1] === "string" && pair[0] !== "csrfmiddlewaretoken",
  );
  const id = uuid?.value || uuid7();
  if (letters.has(id)) return;
  const action = form.getAttribute("hx-post") || form.action;
  letters.add({ id, action, fields, excerpt: excerptOf(fields), state: "waiting", reason: "" });
  // For the form it is done: its draft goes, it takes another id, it may be written in again.
  delete form.dataset.sending;
  form.removeAttribute("aria-busy");
  form.reset();
  if (uuid) uuid.value = uuid7();
  form.dispatchEvent(new Event("parvis:sent", { bubbles: true }));
}

function excerptOf(fields: [string, string][]): string {
  const text = (fields.find(([name]) => name === "body") ?? fields.find(([name]) => name === "title"))?.[1] ?? "";
  const line = text.trim().replace(/\s+/g, " ");
  return line.length > EXCERPT ? `${line.slice(0, EXCERPT)}…` : line;
}

/** Send what waits, now; and again, later and later, while something does and the browser has a network.
 *
 *  Asked again while it sends, it goes round once more: what failed a moment ago was tried over the connection that
 *  was lost, not over the one that has just come back. */
function postman(letters: Letters): { flush: () => void; flushLater: () => void } {
  let pause = FIRST_PAUSE_MS;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let isUnderWay = false;
  let isAskedAgain = false;
  const go = async () => {
    if (isUnderWay) return;
    isUnderWay = true;
    try {
      do {
        isAskedAgain = false;
        await sendAll(letters);
      } while (isAskedAgain);
    } finally {
      isUnderWay = false;
    }
    if (letters.waiting().length && navigator.onLine) later();
  };
  const later = () => {
    clearTimeout(retry);
    retry = setTimeout(() => void go(), pause);
    pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
  };
  const now = () => {
    clearTimeout(retry);
    pause = FIRST_PAUSE_MS;
    isAskedAgain = true;
    void go();
  };
  return { flush: now, flushLater: later };
}

async function sendAll(letters: Letters): Promise<void> {
  const work = async () => {
    for (const letter of letters.waiting()) if (!(await send(letters, letter))) return;
  };
  // One tab sends at a time; two would be harmless, only wasteful.
  if (navigator.locks) await navigator.locks.request(letters.key, work);
  else await work();
}

/** Try one letter; false when there is no point in trying the next one now. */
async function send(letters: Letters, letter: Letter): Promise<boolean> {
  letters.set(letter.id, "sending");
  let response: Response;
  try {
    response = await fetch(letter.action, { method: "POST", body: bodyOf(letter), headers: { "HX-Request": "true" } });
  } catch {
    letters.set(letter.id, "waiting");
    return false;
  }
  const isSignInPage = response.redirected && new URL(response.url).searchParams.has("next");
  if (isSignInPage || response.status === 401 || response.status === 429 || response.status >= 500) {
    letters.set(letter.id, "waiting");
    return false;
  }
  if (!response.ok) {
    letters.set(letter.id, "failed", await reasonOf(response));
    announce(t("outbox_failed", { text: letter.excerpt, reason: "" }));
    return true;
  }
  letters.set(letter.id, "sent");
  announce(t("outbox_sent", { text: letter.excerpt }));
  document.dispatchEvent(new CustomEvent("parvis:delivered", { detail: { id: letter.id } }));
  setTimeout(() => letters.remove(letter.id), SENT_IS_SHOWN_MS);
  return true;
}

function bodyOf(letter: Letter): FormData {
  const body = new FormData();
  for (const [name, value] of letter.fields) body.append(name, value);
  // Of this page, not of the one that kept the letter: the token may have changed since.
  const token = document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value;
  if (token) body.append("csrfmiddlewaretoken", token);
  return body;
}

async function reasonOf(response: Response): Promise<string> {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.querySelector("[role=alert]")?.textContent?.trim().slice(0, 200) ?? "";
}

function show(letters: Letters, flush: () => void): void {
  const place = document.getElementById("toasts");
  if (!place) return;
  for (const old of place.querySelectorAll("[data-letter]")) old.remove();
  for (const letter of letters.all()) place.append(item(letters, letter, flush));
}

function item(letters: Letters, letter: Letter, flush: () => void): HTMLElement {
  const element = document.createElement("div");
  element.className = letter.state === "failed" ? "toast toast--danger" : "toast";
  element.dataset.letter = letter.state;
  const text = document.createElement("span");
  text.className = "toast__text";
  text.textContent = t(`outbox_${letter.state}`, { text: letter.excerpt, reason: letter.reason });
  element.append(text);
  if (letter.state === "failed" || letter.state === "waiting") element.append(button(t("outbox_edit"), () => edit(letters, letter, flush)));
  if (letter.state === "failed")
    element.append(
      button(t("outbox_retry"), () => {
        letters.set(letter.id, "waiting");
        flush();
      }),
    );
  if (letter.state === "failed" || letter.state === "waiting")
    element.append(button(t("outbox_discard"), () => letters.remove(letter.id)));
  return element;
}

function button(label: string, act: () => void): HTMLButtonElement {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "toast__action";
  element.textContent = label;
  element.addEventListener("click", act);
  return element;
}

/** Write it again where it stands; sent under the same UUID, it is still published once. */
function edit(letters: Letters, letter: Letter, flush: () => void): void {
  letters.set(letter.id, "editing", letter.reason);
  const dialog = editor(letter, (fields) => {
    letters.change(letter.id, fields, excerptOf(fields));
    flush();
  });
  // Put away unchanged, or the page left: it waits for a decision as before.
  dialog.addEventListener("close", () => {
    const isOpen = letters.all().some((one) => one.id === letter.id && one.state === "editing");
    if (isOpen) letters.set(letter.id, "failed", letter.reason);
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
}
