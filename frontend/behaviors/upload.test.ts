import { beforeEach, expect, test, vi } from "vitest";
import { attachAll } from "../behavior";
import { FakeServer, fakeRequests } from "../uploads/fake-server";
import "./upload";

let server: FakeServer;

function paste(): void {
  const event = new Event("paste", { cancelable: true }) as Event & { clipboardData: unknown };
  event.clipboardData = { files: [new File(["x"], "gate.png", { type: "image/png" })] };
  document.querySelector("form")!.dispatchEvent(event);
}

function open(): void {
  document.body.innerHTML = '<form data-composer data-draft="post" data-upload-url="/uploads"><ul data-uploads></ul></form>';
  attachAll(document);
}

beforeEach(() => {
  localStorage.clear();
  server = new FakeServer();
  vi.stubGlobal("XMLHttpRequest", fakeRequests(server));
  vi.stubGlobal("crypto", {});
  open();
});

test("a pasted image is sent, attached, and asks for its description", async () => {
  Object.assign(server, { width: 4, media_type: "image/png" });
  paste();
  expect(document.querySelector(".upload")!.hasAttribute("data-busy")).toBe(true);
  await vi.waitFor(() => expect(document.querySelector<HTMLInputElement>("[name=attachments]")!.value).toBe("f1"));
  expect(document.querySelector("[name=alternative_f1]")).not.toBeNull();
  expect(document.querySelector("img.upload__picture")!.getAttribute("src")).toBe("/files/f1?size=320");
});

test("a refusal says why, and does not hold the form back", async () => {
  server.fail = [{ status: 413, body: JSON.stringify({ detail: "Too large" }) }];
  paste();
  await vi.waitFor(() => expect(document.querySelector(".upload__error")!.textContent).toContain("upload_failed"));
  expect(document.querySelector("[data-busy]")).toBeNull();
});

test("what was interrupted is remembered where it was written, until somebody chooses it again", async () => {
  localStorage.setItem("parvis-upload:/uploads:gate.png:9:7", JSON.stringify({ address: "/u1", name: "gate.png", composer: "post", at: Date.now() }));
  open();
  expect(document.querySelectorAll("[data-interrupted]")).toHaveLength(1);
  paste();
  expect(document.querySelectorAll("[data-interrupted]")).toHaveLength(0);
  await vi.waitFor(() => expect(document.querySelector("[data-busy]")).toBeNull());
});
