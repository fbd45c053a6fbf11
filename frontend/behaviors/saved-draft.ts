import { csrfToken } from "../dom";
import { t } from "../strings";

/** What a composer holds, as the server keeps it: `version` says which state this window has seen. */
export interface Kept { body: string; title: string; id: string | null; space: string | null; version: number; fields?: Record<string, string[]>; files?: string }

/** One draft on the server, seen from one window. Whatever fails here, the browser still has the text. */
export class SavedDraft {
  version = 0;
  private sending = false;
  private next: FormData | null = null;

  constructor(
    private readonly url: string,
    private readonly form: HTMLElement,
    private readonly onConflict: (other: Kept) => void,
  ) {}

  async load(): Promise<Kept | null> {
    const answer = await fetch(this.url, { headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.status !== 200) return null;
    const kept = (await answer.json()) as Kept;
    this.version = kept.version;
    return kept;
  }

  /** One request at a time; of what is typed meanwhile, the last state is sent. */
  async save(body: FormData): Promise<void> {
    if (this.sending) return void (this.next = body);
    this.sending = true;
    body.set("base", String(this.version));
    const answer = await this.send("POST", body);
    this.sending = false;
    if (answer?.status === 200) this.version = ((await answer.json()) as Kept).version;
    if (answer?.status === 409) return this.onConflict((await answer.json()) as Kept);
    const next = this.next;
    this.next = null;
    if (next) await this.save(next);
  }

  async discard(): Promise<void> {
    this.next = null;
    this.version = 0;
    await this.send("DELETE");
  }

  private send(method: string, body?: FormData): Promise<Response | null> {
    return fetch(this.url, { method, body, keepalive: true, headers: { "X-CSRFToken": csrfToken(this.form) } }).catch(() => null);
  }
}

/** Say that another window wrote, and let the writer look at either text: neither is lost. */
export function offerOther(state: Element, show: (other: boolean) => void): void {
  let showsOther = false;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link-button";
  const label = (): void => void (button.textContent = t(showsOther ? "draft_mine" : "draft_other"));
  button.addEventListener("click", () => {
    showsOther = !showsOther;
    show(showsOther);
    label();
  });
  label();
  state.replaceChildren(`${t("draft_conflict")} `, button);
}
