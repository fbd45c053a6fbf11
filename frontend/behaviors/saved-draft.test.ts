import { beforeEach, expect, test, vi } from "vitest";
import { attachAll } from "../behavior";
import "./draft";
import "./uuid";

let answers: Array<[number, unknown]>;
let asked: Array<[string, string | undefined, FormData | undefined]>;

function compose(): HTMLFormElement {
  document.body.innerHTML = `<form data-composer data-draft="post" data-draft-url="/drafts/post"><input type="hidden" name="id" data-uuid>
    <textarea name="body" data-text></textarea><span data-draft-state></span><ul data-uploads></ul></form>`;
  attachAll(document);
  return document.querySelector("form")!;
}

async function turnTo(form: HTMLFormElement): Promise<void> {
  form.dispatchEvent(new Event("focusin"));
  await vi.runAllTimersAsync();
}

async function type(form: HTMLFormElement, text: string): Promise<void> {
  form.querySelector("textarea")!.value = text;
  form.dispatchEvent(new Event("input", { bubbles: true }));
  await vi.runAllTimersAsync();
}

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  [answers, asked] = [[], []];
  vi.stubGlobal("fetch", async (url: string, options: RequestInit = {}) => {
    asked.push([url, options.method, options.body as FormData | undefined]);
    const [status, data] = answers.shift() ?? [204, null];
    return new Response(data === null ? null : JSON.stringify(data), { status });
  });
});

test("what was begun on another device is there when one turns to the composer", async () => {
  answers = [[200, { body: "Begun elsewhere", title: "", id: null, version: 3 }]];
  const form = compose();
  expect(asked).toEqual([]);
  await turnTo(form);
  expect(form.querySelector("textarea")!.value).toBe("Begun elsewhere");
});

test("what is typed is kept by the server after a pause, with the version that this window has seen", async () => {
  answers = [[204, null], [200, { version: 1 }], [200, { version: 2 }]];
  const form = compose();
  await turnTo(form);
  await type(form, "One");
  await type(form, "One two");
  const posts = asked.filter(([, method]) => method === "POST").map(([, , body]) => [body!.get("body"), body!.get("base")]);
  expect(posts).toEqual([["One", "0"], ["One two", "1"]]);
});

test("when another window wrote meanwhile, both texts can be looked at", async () => {
  answers = [[204, null], [409, { body: "Theirs", title: "", id: null, version: 7 }]];
  const form = compose();
  await turnTo(form);
  await type(form, "Mine");
  const field = form.querySelector("textarea")!;
  const button = form.querySelector<HTMLButtonElement>("[data-draft-state] button")!;
  expect(field.value).toBe("Mine");
  button.click();
  expect(field.value).toBe("Theirs");
  button.click();
  expect(field.value).toBe("Mine");
});

test("what was sent is discarded there, too", async () => {
  answers = [[204, null], [200, { version: 1 }]];
  const form = compose();
  await turnTo(form);
  await type(form, "Sent");
  form.dispatchEvent(new Event("parvis:sent"));
  await vi.runAllTimersAsync();
  expect(asked.at(-1)![1]).toBe("DELETE");
});

test("without a connection the browser alone keeps it", async () => {
  vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("offline")));
  const form = compose();
  await turnTo(form);
  await type(form, "On a train");
  expect(localStorage.getItem("parvis-draft:post")).toContain("On a train");
});

test("files and the choices of a poll come back with the text", async () => {
  const files = '<li class="upload" data-id="f1"><input type="hidden" name="attachments" value="f1"></li>';
  answers = [[200, { body: "Which?", title: "", id: null, version: 2, fields: { poll_option: ["A", "B"], poll_multiple: ["on"] }, files }], [200, { version: 3 }]];
  const form = compose();
  form.insertAdjacentHTML("beforeend", '<details data-extra><input name="poll_option"><input name="poll_option"><input type="checkbox" name="poll_multiple"></details>');
  await turnTo(form);
  const data = new FormData(form);
  expect([data.getAll("poll_option"), data.get("poll_multiple"), data.get("attachments")]).toEqual([["A", "B"], "on", "f1"]);
  expect(form.querySelector("details")!.open).toBe(true);
  await type(form, "Which one?");
  expect(asked.at(-1)![2]!.getAll("poll_option")).toEqual(["A", "B"]);
});

test("a choice alone is worth keeping", async () => {
  answers = [[204, null], [200, { version: 1 }]];
  const form = compose();
  form.insertAdjacentHTML("beforeend", '<input name="poll_option">');
  await turnTo(form);
  form.querySelector<HTMLInputElement>("[name=poll_option]")!.value = "Tea";
  await type(form, "");
  expect(asked.at(-1)![2]!.get("poll_option")).toBe("Tea");
});
