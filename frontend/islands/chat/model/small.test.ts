import { expect, test } from "vitest";
import { Teller, Typing } from "./around.ts";
import { marking, NOBODY, releasing, taking, withFound } from "./chooser.ts";
import { ada, bob } from "./fakes.ts";
import { hue, initials } from "./faces.ts";
import { sketch } from "./markdown.ts";

test("a name has the initials and the colour that the server gives it", () => {
  expect(initials("Anne-Marie Le Goff")).toBe("AG");
  expect(initials("Zoé")).toBe("Z");
  // zlib.crc32("Ada Lovelace".encode()) % 8
  expect(hue("Ada Lovelace")).toBe(7);
});

test("the sketch of a message escapes everything and knows the commonest marks", () => {
  expect(sketch("<img onerror=x> **b** `a<b`")).toBe("<p>&#60;img onerror=x&#62; <strong>b</strong> <code>a&#60;b</code></p>");
  expect(sketch("hi @[Ada](person:0192-ab)\nyou")).toBe('<p>hi <span class="mention">@Ada</span><br>you</p>');
  expect(sketch("```js\na < b\n```")).toBe("<pre><code>a &#60; b\n</code></pre>");
  expect(sketch("- a\n- b")).toBe("<ul><li>a</li><li>b</li></ul>");
  expect(sketch("[x](javascript:alert)")).not.toContain("href");
});

test("who types is forgotten after a while, or when the message is there; telling it is rare", () => {
  const typing = new Typing();
  typing.heard("r", "ada", 0);
  typing.heard("r", "bob", 0);
  typing.stopped("r", "bob");
  expect(typing.in("r", 5_000)).toEqual(["ada"]);
  expect(typing.in("r", 7_000)).toEqual([]);
  const teller = new Teller();
  expect([teller.isDue("r", 10_000), teller.isDue("r", 12_000), teller.isDue("r", 13_000)]).toEqual([true, false, true]);
});

test("people are taken once, marked round and round, and given back", () => {
  const found = withFound(NOBODY, [ada, bob], new Set());
  expect(marking(found, -1).marked).toBe(1);
  const taken = taking(taking(found, ada), ada);
  expect(taken.taken).toEqual([ada]);
  expect(withFound(taken, [ada, bob]).found).toEqual([bob]);
  expect(releasing(taken, "ada").taken).toEqual([]);
});
