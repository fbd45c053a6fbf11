import { expect, test, vi } from "vitest";

test("the offer to install is ours to make, once", async () => {
  document.body.innerHTML = "<button data-install hidden></button>";
  await import("./installed.ts");
  const button = document.querySelector("button")!;
  const prompt = vi.fn(async () => undefined);
  const event = Object.assign(new Event("beforeinstallprompt", { cancelable: true }), { prompt });
  dispatchEvent(event);
  expect(event.defaultPrevented).toBe(true);
  expect(button.hidden).toBe(false);
  button.click();
  expect(prompt).toHaveBeenCalledOnce();
  expect(button.hidden).toBe(true);
});
