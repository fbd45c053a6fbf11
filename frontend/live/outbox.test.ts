import { beforeEach, expect, test, vi } from "vitest";
import { startOutbox } from "./outbox.ts";

const answers: Array<Response | Error> = [];
const posts: FormData[] = [];

// One outbox for the file: it listens to the document.
vi.stubGlobal("fetch", async (_url: string, request: RequestInit) => {
  posts.push(request.body as FormData);
  const answer = answers.shift() ?? new Response("");
  if (answer instanceof Error) throw answer;
  return answer;
});
const outbox = startOutbox("alice");

function write(text: string): HTMLFormElement {
  document.body.innerHTML = `
    <div id="toasts"></div>
    <form data-composer action="/entries" method="post">
      <input type="hidden" name="csrfmiddlewaretoken" value="token">
      <input type="hidden" name="id" value="u-1"><textarea name="body"></textarea><button>Publish</button></form>`;
  const form = document.querySelector("form")!;
  form.querySelector("textarea")!.value = text;
  return form;
}

const submit = (form: HTMLFormElement) =>
  form.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
const states = () => [...document.querySelectorAll<HTMLElement>("[data-letter]")].map((one) => one.dataset.letter);

let isOnline = true;
vi.spyOn(navigator, "onLine", "get").mockImplementation(() => isOnline);

beforeEach(() => {
  localStorage.clear();
  posts.length = answers.length = 0;
  isOnline = false;
  outbox.setAway(true);
});

test("what is written while away waits visibly, and is sent once", async () => {
  answers.push(new TypeError("no network"));
  const form = write("Hello from the tunnel");
  expect(submit(form)).toBe(false);
  await vi.waitFor(() => expect(states()).toEqual(["waiting"]));
  expect(form.querySelector("textarea")!.value).toBe("");
  outbox.setAway(false);
  await vi.waitFor(() => expect(states()).toEqual(["sent"]));
  expect(posts).toHaveLength(2);
  expect(posts.map((post) => post.get("id"))).toEqual(["u-1", "u-1"]);
  expect(posts[1]!.get("body")).toBe("Hello from the tunnel");
  expect(posts[1]!.get("csrfmiddlewaretoken")).toBe("token");
});

test("a connection that comes back while the last try still fails is used at once", async () => {
  let fail = (_: Error) => {};
  answers.push(new Promise<Response>((_, reject) => (fail = reject)) as unknown as Response);
  submit(write("Out of the tunnel"));
  await vi.waitFor(() => expect(states()).toEqual(["sending"]));
  isOnline = true;
  window.dispatchEvent(new Event("online"));
  fail(new TypeError("no network"));
  await vi.waitFor(() => expect(states()).toEqual(["sent"]));
  expect(posts).toHaveLength(2);
});

test("a refusal is shown and keeps the text until somebody decides", async () => {
  answers.push(new Response('<p role="alert">Only hosts may post here.</p>', { status: 403 }));
  submit(write("Not for me"));
  await vi.waitFor(() => expect(states()).toEqual(["failed"]));
  const [, retry, discard] = document.querySelectorAll<HTMLButtonElement>("[data-letter] button");
  retry!.click();
  await vi.waitFor(() => expect(states()).toEqual(["sent"]));
  expect(discard).toBeDefined();
});

test("what the server refuses is edited and sent under the same id", async () => {
  answers.push(new Response('<p role="alert">Too long.</p>', { status: 422 }));
  submit(write("Much too long"));
  await vi.waitFor(() => expect(states()).toEqual(["failed"]));
  document.querySelector<HTMLButtonElement>("[data-letter] button")!.click();
  const dialog = document.querySelector("dialog")!;
  expect(states()).toEqual(["editing"]);
  expect(dialog.textContent).toContain("Too long.");
  dialog.querySelector("textarea")!.value = "Short";
  dialog.querySelector<HTMLButtonElement>("button")!.click();
  await vi.waitFor(() => expect(states()).toEqual(["sent"]));
  expect(posts.map((post) => post.get("id"))).toEqual(["u-1", "u-1"]);
  expect(posts[1]!.get("body")).toBe("Short");
});

test("an edit that is put away leaves the letter as it was", async () => {
  answers.push(new Response("", { status: 422 }));
  submit(write("As it was"));
  await vi.waitFor(() => expect(states()).toEqual(["failed"]));
  document.querySelector<HTMLButtonElement>("[data-letter] button")!.click();
  document.querySelectorAll<HTMLButtonElement>("dialog button")[1]!.click();
  await vi.waitFor(() => expect(states()).toEqual(["failed"]));
  expect(localStorage.getItem("parvis-outbox:alice")).toContain("As it was");
  expect(document.querySelector("dialog")).toBeNull();
});

test("with a network the form is left to the page, even while the live connection is away", () => {
  isOnline = true;
  expect(submit(write("Plain"))).toBe(true);
  expect(localStorage.length).toBe(0);
});

test.each([new TypeError("no network"), new DOMException("timeout", "AbortError")])(
  "what the page could not send is kept: %s",
  async (error) => {
    isOnline = true;
    answers.push(new TypeError("no network"));
    const form = write("Half way");
    const ctx = { sourceElement: form, request: { timeout: undefined as string | undefined } };
    document.dispatchEvent(new CustomEvent("htmx:config:request", { detail: { ctx } }));
    expect(ctx.request.timeout).toBe("10s");
    document.dispatchEvent(new CustomEvent("htmx:error", { detail: { ctx, error } }));
    expect(states()).toEqual(["waiting"]);
    expect(form.querySelector("textarea")!.value).toBe("");
  },
);
