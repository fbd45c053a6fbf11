import { beforeEach, expect, test, vi } from "vitest";

type Seen = Array<{ isIntersecting: boolean; target: Element }>;
let tell: (seen: Seen) => void;
const unobserve = vi.fn();

beforeEach(() => {
  vi.resetModules();
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      constructor(callback: (seen: Seen) => void) {
        tell = callback;
      }
      observe(): void {}
      unobserve = unobserve;
    },
  );
});

test("all looks come before all changes, and what is far away is not looked at", async () => {
  const { whenNear } = await import("./near");
  const said: string[] = [];
  const elements = ["a", "b", "far"].map((name) => {
    const element = document.createElement("p");
    whenNear(element, () => {
      said.push(`look ${name}`);
      return () => said.push(`change ${name}`);
    });
    return element;
  });
  tell(elements.map((target, index) => ({ target, isIntersecting: index < 2 })));
  expect(said).toEqual(["look a", "look b", "change a", "change b"]);
  expect(unobserve).toHaveBeenCalledTimes(2);
});
