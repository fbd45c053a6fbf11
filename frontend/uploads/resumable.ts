/** A file that is sent in parts (tus 1.0) and goes on where it stopped: after a pause, a lost connection, another day. */
export interface Sent { id: string; name: string; media_type: string; width: number | null; url: string }
export interface Watcher {
  progress(sent: number, total: number): void;
  waiting(): void;
  done(file: Sent): void;
  failed(reason: string | null): void;
}

const TYPE = "application/offset+octet-stream";
const SMALLEST = 512 * 1024, FIRST = 2 * 1024 * 1024, LARGEST = 16 * 1024 * 1024;
const PART_MS = 4000, LONGEST_WAIT_MS = 30_000, MOST_REFUSALS = 6;
// What may be otherwise in a moment; 0 is no answer at all.
const PASSING = new Set([0, 408, 409, 423, 429, 460, 500, 502, 503, 504]);

interface Answer { status: number; header(name: string): string | null; body: string }

export class Resumable {
  private address: string | null = null;
  private offset = 0;
  private size = FIRST;
  private refusals = 0;
  private request: XMLHttpRequest | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private state: "running" | "paused" | "ended" = "running";

  constructor(
    private readonly file: File,
    private readonly url: string,
    private readonly token: string,
    private readonly watcher: Watcher,
    private readonly memory: { address: string | null; keep(address: string): void; forget(): void },
  ) {}

  start(): void {
    this.address = this.memory.address;
    void this.run();
  }

  pause(): void {
    this.state = "paused";
    this.stop();
  }

  resume(): void {
    if (this.state !== "paused") return;
    this.state = "running";
    void this.run();
  }

  abandon(): void {
    this.state = "ended";
    this.stop();
    this.memory.forget();
    if (this.address) void this.ask("DELETE", this.address);
  }

  private stop(): void {
    clearTimeout(this.timer);
    removeEventListener("online", this.again);
    this.request?.abort();
  }

  private readonly again = (): void => {
    clearTimeout(this.timer);
    removeEventListener("online", this.again);
    if (this.state === "running") void this.run();
  };

  /** Find out where the upload stands, then send what is missing. */
  private async run(): Promise<void> {
    if (this.address && !(await this.locate())) return;
    if (!this.address && !(await this.begin())) return;
    while (this.state === "running" && this.offset < this.file.size) if (!(await this.sendPart())) return;
    if (this.state !== "running") return;
    const found = await this.ask("GET", this.address!);
    if (found.status !== 200) return this.refused(found);
    const file = (JSON.parse(found.body) as { file: Sent | null }).file;
    // Whole, but the server was stopped before it could look at it: an empty part makes it.
    if (!file) return void ((await this.sendPart()) && this.again());
    this.end();
    this.watcher.done(file);
  }

  private async locate(): Promise<boolean> {
    const answer = await this.ask("HEAD", this.address!);
    if (answer.status === 404) {
      this.memory.forget();
      this.address = null;
      this.offset = 0;
      return true;
    }
    return this.accepted(answer, 200);
  }

  private async begin(): Promise<boolean> {
    // A large one is announced first, so that its address is known before anything can be lost.
    const part = this.file.size <= FIRST ? this.file : null;
    const headers: Record<string, string> = { "Upload-Length": String(this.file.size), "Upload-Metadata": `filename ${base64(new TextEncoder().encode(this.file.name))}` };
    const answer = await this.ask("POST", this.url, headers, part);
    const place = answer.header("Location");
    if (answer.status === 201 && place) {
      this.address = new URL(place, location.href).pathname;
      this.memory.keep(this.address);
    }
    return this.accepted(answer, 201);
  }

  private async sendPart(): Promise<boolean> {
    const begun = Date.now(), part = this.file.slice(this.offset, this.offset + this.size);
    const answer = await this.ask("PATCH", this.address!, { "Upload-Offset": String(this.offset) }, part);
    // Parts of some seconds each: a cut costs little, and a fast line is not held up.
    const fitting = (part.size / Math.max(1, Date.now() - begun)) * PART_MS;
    this.size = Math.min(LARGEST, Math.max(SMALLEST, Math.min(this.size * 2, fitting)));
    return this.accepted(answer, 204);
  }

  private accepted(answer: Answer, expected: number): boolean {
    if (this.state !== "running") return false;
    if (answer.status !== expected) {
      this.refused(answer);
      return false;
    }
    this.refusals = 0;
    this.offset = Number(answer.header("Upload-Offset") ?? 0);
    this.watcher.progress(this.offset, this.file.size);
    return true;
  }

  private refused(answer: Answer): void {
    if (this.state !== "running") return;
    const isLost = answer.status === 0;
    this.refusals += isLost ? 0 : 1;
    if (!PASSING.has(answer.status) || this.refusals > MOST_REFUSALS) {
      if (answer.status === 404) this.memory.forget();
      this.end();
      return this.watcher.failed(reasonOf(answer));
    }
    this.size = SMALLEST;
    const asked = Number(answer.header("Retry-After") ?? 0) * 1000;
    this.watcher.waiting();
    addEventListener("online", this.again);
    this.timer = setTimeout(this.again, Math.max(asked, Math.min(LONGEST_WAIT_MS, 1000 * 2 ** this.refusals)));
  }

  private end(): void {
    this.state = "ended";
    this.stop();
    if (this.offset === this.file.size) this.memory.forget();
  }

  private async ask(method: string, url: string, headers: Record<string, string> = {}, part: Blob | null = null): Promise<Answer> {
    const checksum = part ? await checksumOf(part) : null;
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      const answer = (): void => {
        const text = request.responseText;
        resolve({ status: request.status, header: (name) => (request.status ? request.getResponseHeader(name) : null), body: text });
      };
      request.open(method, url);
      const all = { ...headers, "Tus-Resumable": "1.0.0", "X-CSRFToken": this.token, ...(part && { "Content-Type": TYPE }), ...(checksum && { "Upload-Checksum": checksum }) };
      for (const [name, value] of Object.entries(all)) request.setRequestHeader(name, value);
      const offset = this.offset;
      if (part) request.upload.addEventListener("progress", (event) => this.watcher.progress(offset + Math.min(event.loaded, part.size), this.file.size));
      for (const name of ["load", "error", "abort", "timeout"]) request.addEventListener(name, answer);
      if (method !== "DELETE") this.request = request;
      request.send(part);
    });
  }
}

async function checksumOf(part: Blob): Promise<string | null> {
  // Browsers count only on pages that came over TLS, or from this machine.
  if (!globalThis.crypto?.subtle || part.size === 0) return null;
  const digest = await crypto.subtle.digest("SHA-256", await part.arrayBuffer());
  return `sha256 ${base64(new Uint8Array(digest))}`;
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function reasonOf(answer: Answer): string | null {
  try {
    return (JSON.parse(answer.body) as { detail?: string }).detail ?? null;
  } catch {
    return answer.status ? String(answer.status) : null;
  }
}
