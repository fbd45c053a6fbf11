import { expect, test } from "vitest";
import { isNews } from "./chat-counter";

test("a lively conversation is asked for once until something is read; mine is no news", () => {
  const posted = (room: string, author = "bob") => isNews({ type: "chat.message_posted", message: { room, author: { id: author } } }, "ada");
  expect([posted("a"), posted("a"), posted("b"), posted("c", "ada")]).toEqual([true, false, true, false]);
  expect(isNews({ type: "chat.read", room: "a" }, "ada")).toBe(true);
  expect(posted("a")).toBe(true);
});
