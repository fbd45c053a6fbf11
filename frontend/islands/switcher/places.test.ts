import { expect, test } from "vitest";
import { offered, pagesOf, type Place } from "./places.ts";

const place = (kind: string, title: string): Place => ({ kind, id: title, title, subtitle: "", url: `/${title}`, avatar_url: null });

test("what begins with the words comes first, accents or none; pages are found by name too", () => {
  const found = [place("room", "Façade sud"), place("space", "Sud-Ouest")];
  const pages = [place("page", "Accueil"), place("page", "Sujets")];
  expect(offered(found, pages, "su").map(({ title }) => title)).toEqual(["Sud-Ouest", "Sujets", "Façade sud"]);
  expect(offered(found, pages, "").map(({ title }) => title)).toEqual(["Façade sud", "Sud-Ouest"]);
});

test("a link of the navigation is a page, without the number beside its name", () => {
  document.body.innerHTML = '<a href="/inbox"><span class="truncate">Inbox</span><span>3</span></a><a href="/inbox">Inbox</a>';
  expect(pagesOf(document.querySelectorAll("a")).map(({ title }) => title)).toEqual(["Inbox"]);
});
