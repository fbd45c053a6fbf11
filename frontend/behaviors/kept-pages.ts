import { behavior } from "../behavior";
import { element } from "../dom";
import { cacheOf, prefixOf } from "../worker/rules";

/** The offline page lists what can be read: the pages that this browser keeps, the last one first. */
behavior("[data-kept-pages]", (list) => {
  if ("caches" in window) void fill(list);
});

async function fill(list: HTMLElement): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith(cacheOf("pages", prefixOf(location.pathname), "")));
  for (const name of names) {
    const cache = await caches.open(name);
    for (const request of [...(await cache.keys())].reverse()) {
      const title = await titleOf(await cache.match(request, { ignoreVary: true }));
      if (title && !request.url.endsWith("/offline")) list.append(element("li", {}, element("a", { href: request.url }, title)));
    }
  }
}

async function titleOf(kept: Response | undefined): Promise<string> {
  const page = new DOMParser().parseFromString((await kept?.text()) ?? "", "text/html");
  return page.title.replace(/ · Parvis$/, "").trim();
}
