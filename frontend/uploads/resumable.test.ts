import { beforeEach, expect, test, vi } from "vitest";
import { FakeServer, fakeRequests } from "./fake-server";
import { memoryOf, interrupted } from "./memory";
import { Resumable, type Sent } from "./resumable";

const URL_ = "/o/atelier/api/v1/uploads";
let server: FakeServer;
const seen: { done?: Sent; failed?: string | null; waited: number } = { waited: 0 };

function send(size: number): Resumable {
  const file = new File([new Uint8Array(size)], "gaté.png", { lastModified: 7 });
  const transfer = new Resumable(file, URL_, "token", {
    progress: () => undefined,
    waiting: () => void (seen.waited += 1),
    done: (sent) => void (seen.done = sent),
    failed: (reason) => void (seen.failed = reason),
  }, memoryOf(file, URL_, "post"));
  transfer.start();
  return transfer;
}

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  Object.assign(seen, { done: undefined, failed: undefined, waited: 0 });
  server = new FakeServer();
  vi.stubGlobal("XMLHttpRequest", fakeRequests(server));
  vi.stubGlobal("crypto", {});
});

test("a small file goes with its announcement", async () => {
  send(10);
  await vi.waitFor(() => expect(seen.done?.id).toBe("f1"));
  expect(server.methods()).toBe("POST GET");
  expect(server.asked[0]!.headers).toMatchObject({ "Upload-Length": "10", "X-CSRFToken": "token", "Tus-Resumable": "1.0.0" });
  // At the page's own address, whatever the installation calls itself.
  expect(server.asked[1]!.url).toBe("/api/v1/uploads/u1");
});

test("a large one goes in parts, and is forgotten once it is there", async () => {
  send(5 * 1024 * 1024);
  await vi.waitFor(() => expect(seen.done).toBeDefined());
  expect(server.methods()).toMatch(/^POST( PATCH)+ GET$/);
  expect(localStorage.length).toBe(0);
});

test("after a lost connection it asks where it stands, and goes on", async () => {
  server.lost = { method: "PATCH", kept: 100 };
  send(3 * 1024 * 1024);
  await vi.waitFor(() => expect(seen.waited).toBe(1));
  await vi.advanceTimersByTimeAsync(60_000);
  await vi.waitFor(() => expect(seen.done).toBeDefined());
  expect(server.methods()).toMatch(/^POST PATCH HEAD PATCH/);
});

test("the same file goes on in another page", async () => {
  const first = send(3 * 1024 * 1024);
  await vi.waitFor(() => expect(server.asked.length).toBeGreaterThan(0));
  first.pause();
  await vi.advanceTimersByTimeAsync(10);
  expect(interrupted(URL_, "post").map((begun) => begun.name)).toEqual(["gaté.png"]);
  server.asked = [];
  send(3 * 1024 * 1024);
  await vi.waitFor(() => expect(seen.done).toBeDefined());
  expect(server.methods()).toMatch(/^HEAD /);
});

test("a refusal ends it, with the server's reason", async () => {
  server.fail = [{ status: 413, body: JSON.stringify({ detail: "Too large" }) }];
  send(10);
  await vi.waitFor(() => expect(seen.failed).toBe("Too large"));
  expect(server.methods()).toBe("POST");
});

test("given up, it is removed from the server as well", async () => {
  const transfer = send(3 * 1024 * 1024);
  await vi.waitFor(() => expect(server.asked.length).toBeGreaterThan(1));
  transfer.abandon();
  await vi.advanceTimersByTimeAsync(10);
  expect(server.methods()).toContain("DELETE");
  expect(localStorage.length).toBe(0);
});
