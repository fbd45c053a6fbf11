import { beforeEach, expect, test, vi } from "vitest";
import { attachAll } from "../behavior";
import "./upload";

let request: { status: number; responseText: string; listeners: Record<string, () => void>; upload: EventTarget };

class FakeRequest {
  status = 201;
  responseText = "";
  listeners: Record<string, () => void> = {};
  upload = new EventTarget();
  constructor() {
    request = this;
  }
  open(): void {}
  setRequestHeader(): void {}
  send(): void {}
  abort(): void {}
  addEventListener(name: string, listener: () => void): void {
    this.listeners[name] = listener;
  }
}

function drop(): void {
  const form = document.querySelector("form")!;
  const event = new Event("paste", { cancelable: true }) as Event & { clipboardData: unknown };
  event.clipboardData = { files: Object.assign([new File(["x"], "gate.png", { type: "image/png" })], { length: 1 }) };
  form.dispatchEvent(event);
}

beforeEach(() => {
  vi.stubGlobal("XMLHttpRequest", FakeRequest);
  document.body.innerHTML = '<form data-composer data-upload-url="/files"><ul data-uploads></ul></form>';
  attachAll(document);
});

test("a pasted image is sent, attached, and asks for its description", () => {
  drop();
  expect(document.querySelector(".upload")!.hasAttribute("data-busy")).toBe(true);
  request.responseText = JSON.stringify({ id: "f1", name: "gate.png", is_image: true });
  request.listeners.load!();
  expect(document.querySelector<HTMLInputElement>("[name=attachments]")!.value).toBe("f1");
  expect(document.querySelector("[name=alternative_f1]")).not.toBeNull();
});

test("a refusal says why, and does not hold the form back", () => {
  drop();
  request.status = 413;
  request.responseText = JSON.stringify({ detail: "Too large" });
  request.listeners.load!();
  expect(document.querySelector(".upload__error")!.textContent).toContain("upload_failed");
  expect(document.querySelector("[data-busy]")).toBeNull();
});
