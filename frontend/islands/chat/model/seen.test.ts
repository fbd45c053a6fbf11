import { expect, test } from "vitest";
import { ada, bob, said } from "./fakes.ts";
import { below, moved } from "./seen.ts";

test("a face stands below the last message that its owner has read, and not below their own", () => {
  const carl = { ...ada, id: "carl" };
  const messages = [said(1), said(2, { author: bob }), said(4)];
  const faces = below(messages, [{ person: ada, read_seq: 4 }, { person: bob, read_seq: 3 }, { person: carl, read_seq: 3 }]);
  expect([...faces]).toEqual([["m2", [carl]]]);
});

test("a cursor goes forward only", () => {
  expect(moved(moved([], ada, 5), ada, 3)).toEqual([{ person: ada, read_seq: 5 }]);
});
