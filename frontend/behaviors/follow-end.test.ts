import { expect, test, vi } from "vitest";

vi.stubGlobal("ResizeObserver", class { observe() {} });

test("a conversation stays at its end while it is read there, and says when something came further down", async () => {
  document.body.innerHTML = `<div><div id="log" data-follows-end><p data-card id="a"></p></div><button data-to-end hidden></button></div>`;
  const log = document.getElementById("log")!;
  const down = document.querySelector<HTMLElement>("[data-to-end]")!;
  Object.defineProperties(log, { scrollHeight: { value: 1000 }, clientHeight: { value: 200 } });
  const { attachAll } = await import("../behavior");
  await import("./follow-end");
  attachAll(document);
  expect(log.scrollTop).toBe(1000);

  log.scrollTop = 100;
  log.dispatchEvent(new Event("scroll"));
  log.insertAdjacentHTML("beforeend", `<p data-card id="b"></p>`);
  await new Promise((done) => setTimeout(done));
  expect([log.scrollTop, down.hidden]).toEqual([100, false]);

  down.click();
  expect([log.scrollTop, down.hidden]).toEqual([1000, true]);
});
