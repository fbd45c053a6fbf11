import { behavior } from "../behavior";
import { t } from "../strings";
import { collapse, expand } from "./mention-text";
import { uuid7 } from "./uuid";

const PREFIX = "parvis-draft:";
const PAUSE_MS = 400;

interface Draft { body: string; title?: string; id?: string }

// Sent without htmx, the page left before the answer came: the entry itself is the proof that it arrived.
behavior("[id^='entry-']", (entry) => {
  const id = entry.id.slice("entry-".length);
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(PREFIX) && read(key)?.id === id) localStorage.removeItem(key);
  }
});

/** What is being written survives a reload, a crash and a lost connection, in this browser only. */
behavior("[data-composer][data-draft]", (form) => {
  const field = form.querySelector<HTMLTextAreaElement>("[data-text]");
  if (!field) return;
  const title = form.querySelector<HTMLInputElement>("[name=title]");
  const id = form.querySelector<HTMLInputElement>("input[data-uuid]");
  const state = form.querySelector("[data-draft-state]");
  const key = PREFIX + organization() + form.dataset.draft;
  const body = (): string => expand(form, field.value);
  const written = body();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const kept = read(key);
  if (kept && kept.body !== written) {
    field.value = collapse(form, kept.body);
    if (title && kept.title) title.value = kept.title;
    if (id && kept.id) id.value = kept.id;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (state) state.textContent = t("draft_restored");
  }

  const keep = (): void => {
    clearTimeout(timer);
    const isEmpty = !field.value.trim() && !title?.value.trim();
    if (isEmpty || body() === written) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify({ body: body(), title: title?.value, id: id?.value } satisfies Draft));
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE_MS);
  });
  addEventListener("pagehide", () => form.isConnected && keep());
  const begin = (): void => {
    clearTimeout(timer);
    localStorage.removeItem(key);
    (form as HTMLFormElement).reset();
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
