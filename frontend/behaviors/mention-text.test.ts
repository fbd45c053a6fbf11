import { expect, test } from "vitest";
import { collapse, expand } from "./mention-text";

const ADA = "@[Ada Lovelace](person:01a20248-f6f9-7787-ab75-022dedc31521)";
const ADA_TWO = "@[Ada Lovelace](person:01a20248-0000-7787-ab75-022dedc31521)";
const form = (): HTMLElement => document.createElement("form");

test("a mention reads as a name and travels as markup", () => {
  const here = form();
  expect(collapse(here, `Thank you ${ADA}!`)).toBe("Thank you @Ada Lovelace!");
  expect(expand(here, "Thank you @Ada Lovelace!")).toBe(`Thank you ${ADA}!`);
});

test("a name that was changed by hand is no mention any more", () => {
  const here = form();
  collapse(here, ADA);
  expect(expand(here, "@Ada Love")).toBe("@Ada Love");
  expect(expand(here, "@Ada Lovelaces")).toBe("@Ada Lovelaces");
});

test("the second person of one name keeps her markup", () => {
  const here = form();
  expect(collapse(here, `${ADA} and ${ADA_TWO}`)).toBe(`@Ada Lovelace and ${ADA_TWO}`);
});

test("an address in the text is left alone", () => {
  const here = form();
  collapse(here, ADA);
  expect(expand(here, "mail@Ada Lovelace")).toBe("mail@Ada Lovelace");
});
