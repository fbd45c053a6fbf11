/** For tests: XMLHttpRequest in front of a server that speaks tus; `server.fail` says what goes wrong next. */
export interface Asked { method: string; url: string; headers: Record<string, string>; size: number }

export class FakeServer {
  asked: Asked[] = [];
  size = 0;
  offset = 0;
  isKnown = false;
  media_type = "text/plain";
  width: number | null = null;
  fail: Array<{ status: number; body?: string }> = [];
  lost: { method: string; kept: number } | null = null;

  answer(asked: Asked): { status: number; headers: Record<string, string>; body: string } {
    this.asked.push(asked);
    const failure = this.fail.shift();
    if (failure) return { status: failure.status, headers: {}, body: failure.body ?? "" };
    if (this.lost?.method === asked.method) {
      this.offset += this.lost.kept;
      this.lost = null;
      return { status: 0, headers: {}, body: "" };
    }
    if (asked.method === "POST") {
      this.isKnown = true;
      this.size = Number(asked.headers["Upload-Length"]);
      this.offset = asked.size;
      return { status: 201, headers: { Location: "http://elsewhere.example/api/v1/uploads/u1", "Upload-Offset": String(this.offset) }, body: "" };
    }
    if (!this.isKnown) return { status: 404, headers: {}, body: "" };
    if (asked.method === "PATCH") this.offset += asked.size;
    const file = this.offset === this.size ? { id: "f1", name: "gate.png", media_type: this.media_type, width: this.width, url: "http://elsewhere.example/files/f1" } : null;
    return { status: { PATCH: 204, GET: 200, HEAD: 200, DELETE: 204 }[asked.method] ?? 405, headers: { "Upload-Offset": String(this.offset) }, body: asked.method === "GET" ? JSON.stringify({ file }) : "" };
  }

  methods(): string {
    return this.asked.map((asked) => asked.method).join(" ");
  }
}

export function fakeRequests(server: FakeServer): unknown {
  return class extends EventTarget {
    status = 0;
    responseText = "";
    upload = new EventTarget();
    private asked: Asked = { method: "", url: "", headers: {}, size: 0 };
    private answered: Record<string, string> = {};

    open(method: string, url: string): void {
      Object.assign(this.asked, { method, url });
    }

    setRequestHeader(name: string, value: string): void {
      this.asked.headers[name] = value;
    }

    getResponseHeader(name: string): string | null {
      return this.answered[name] ?? null;
    }

    send(part: Blob | null): void {
      this.asked.size = part?.size ?? 0;
      const { status, headers, body } = server.answer(this.asked);
      Object.assign(this, { status, responseText: body });
      this.answered = headers;
      queueMicrotask(() => this.dispatchEvent(new Event(status ? "load" : "error")));
    }

    abort(): void {
      this.dispatchEvent(new Event("abort"));
    }
  };
}
