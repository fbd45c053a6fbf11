import { behavior } from "../behavior";
import { t } from "../strings";
import { beside, carries, putBeside } from "./draft-beside";
import { collapse, expand } from "./mention-text";
import { SavedDraft, offerOther } from "./saved-draft";
import type { Kept } from "./saved-draft";
import { uuid7 } from "./uuid";

const PREFIX = "parvis-draft:";
const PAUSE_MS = 400;
const SERVER_PAUSE_MS = 1_500;

interface Draft { body: string; title?: string; id?: string }

// Sent without htmx, the page left before the answer came: the entry itself is the proof that it arrived.
behavior("[id^='entry-']", (entry) => {
  const id = entry.id.slice("entry-".length);
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(PREFIX) && read(key)?.id === id) localStorage.removeItem(key);
  }
});

/** What is being written survives a reload, a crash and a lost connection in this browser, and, kept by the
 *  server once one pauses, a closed tab and another device. */
behavior("[data-composer][data-draft]", (element) => {
  const form = element as HTMLFormElement;
  const field = form.querySelector<HTMLTextAreaElement>("[data-text]");
  if (!field) return;
  const title = form.querySelector<HTMLInputElement>("[name=title]");
  const id = form.querySelector<HTMLInputElement>("input[data-uuid]");
  const state = form.querySelector("[data-draft-state]");
  const key = PREFIX + organization() + form.dataset.draft;
  const body = (): string => expand(form, field.value);
  const written = body();
  const standing = beside(form);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let serverTimer: ReturnType<typeof setTimeout> | undefined;
  const saved = form.dataset.draftUrl ? new SavedDraft(form.dataset.draftUrl, form, conflict) : null;

  function put(draft: { body: string; title?: string | null; id?: string | null }): void {
    field!.value = collapse(form, draft.body);
    if (title && draft.title) title.value = draft.title;
    if (id && draft.id) id.value = draft.id;
    field!.dispatchEvent(new Event("input", { bubbles: true }));
  }

  const isEmpty = (): boolean => !field.value.trim() && !title?.value.trim();
  const isChanged = (): boolean => body() !== written || beside(form) !== standing;

  const kept = read(key);
  if (kept && kept.body !== written) {
    put(kept);
    if (state) state.textContent = t("draft_restored");
  }

  // The server is asked once, when somebody turns to the composer: most pages are only read.
  let asked: Promise<void> | null = null;
  const ask = (): Promise<void> => (asked ??= (async () => {
    const other = await saved?.load();
    if (!other) return;
    if (beside(form) === standing) putBeside(form, other);
    if (other.body === body()) return;
    if (body() === written) {
      put(other);
      if (state) state.textContent = t("draft_restored");
    } else if (read(key)?.body !== other.body) conflict(other);
  })());
  form.addEventListener("focusin", () => void ask(), { once: true });
  if (form.contains(document.activeElement)) void ask();

  function conflict(other: Kept): void {
    if (!saved || !state || other.body === body()) return;
    saved.version = other.version;
    const mine = { body: body(), title: title?.value };
    offerOther(state, (isOther) => put(isOther ? other : mine));
  }

  const keep = (): void => {
    clearTimeout(timer);
    if (isEmpty() || body() === written) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify({ body: body(), title: title?.value, id: id?.value } satisfies Draft));
  };
  const keepThere = (): void => {
    clearTimeout(serverTimer);
    if (!saved || !asked) return;
    if (isEmpty() && !carries(form)) return void (saved.version && saved.discard());
    if (isChanged()) void asked.then(() => saved.save(new FormData(form)));
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    clearTimeout(serverTimer);
    timer = setTimeout(keep, PAUSE_MS);
    serverTimer = setTimeout(keepThere, SERVER_PAUSE_MS);
  });
  addEventListener("pagehide", () => form.isConnected && keep());
  addEventListener("online", () => form.isConnected && keepThere());
  form.addEventListener("submit", () => clearTimeout(serverTimer));
  const begin = (): void => {
    clearTimeout(timer);
    clearTimeout(serverTimer);
    localStorage.removeItem(key);
    if (saved?.version) void saved.discard();
    form.reset();
    field.value = "";
    form.querySelector("[data-uploads]")?.replaceChildren();
    if (id) id.value = uuid7();
    if (state) state.textContent = "";
    form.closest("dialog")?.close();
  };
  // Accepted by the server, or by the outbox that will send it.
  form.addEventListener("parvis:sent", begin);
  form.addEventListener("parvis:kept", begin);
});

function organization(): string {
  return /^\/o\/[^/]+/.exec(location.pathname)?.[0] ?? "";
}

function read(key: string): Draft | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}
