import { expect, test } from "vitest";
import { ada, bob, said } from "./fakes.ts";
import { rowsOf } from "./rows.ts";

const at = (day: number, hour: number, minute = 0): string => new Date(2026, 10, day, hour, minute).toISOString();
const shape = (rows: ReturnType<typeof rowsOf>): string => rows.map((row) => (row.kind === "message" ? (row.continues ? "·" : "m") : row.kind[0])).join("");

test("messages of one author within five minutes stand close; a day, another author or a quote begins anew", () => {
  const messages = [
    said(1, { created_at: at(20, 9, 0) }),
    said(2, { created_at: at(20, 9, 2) }),
    said(3, { created_at: at(20, 9, 30) }),
    said(4, { created_at: at(20, 9, 31), author: bob }),
    said(5, { created_at: at(20, 9, 32), author: bob, quote: { id: "m1", seq: 1, author: ada, excerpt: "…" } }),
    said(6, { created_at: at(21, 0, 1), author: bob }),
  ];
  expect(shape(rowsOf(messages, { newAfter: null, viewer: "eve" }))).toBe("dm·mmmdm");
});

test("one line stands above the first message of others that is new, never above mine", () => {
  const messages = [said(1), said(2, { author: bob }), said(3, { author: ada }), said(4, { author: ada })];
  const rows = rowsOf(messages, { newAfter: 1, viewer: "bob" });
  expect(shape(rows)).toBe("dmmnm·");
  expect(rowsOf(messages, { newAfter: 4, viewer: "bob" }).some(({ kind }) => kind === "new")).toBe(false);
});
