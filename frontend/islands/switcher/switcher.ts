/** The quick switcher: type some letters, arrows choose, Enter goes; conversations, people, spaces, pages. */
import { announce } from "../../announce.ts";
import { element, icon } from "../../dom.ts";
import { t } from "../../strings.ts";
import { offered, pagesOf, type Place } from "./places.ts";

const PAUSE_MS = 100;
const SYMBOL: Record<string, string> = { room: "message-circle", person: "user", space: "layout-grid", page: "arrow-right" };
const base = /^\/o\/[^/]+/.exec(location.pathname)?.[0] ?? "";

export function openSwitcher(typed = ""): void {
  const list = element("ul", { class: "switcher__list", role: "listbox", id: "switcher-list", "aria-label": t("switcher_title") });
  const field = element("input", { class: "switcher__field", type: "text", role: "combobox", "aria-controls": list.id, "aria-expanded": "true", "aria-autocomplete": "list", "aria-label": t("switcher_title"), placeholder: t("switcher_hint"), autocomplete: "off", spellcheck: "false" });
  const dialog = element("dialog", { class: "dialog switcher", "aria-label": t("switcher_title"), "data-dialog": "" }, element("div", { class: "switcher__top" }, icon("search"), field), list);
  const pages = pagesOf(document.querySelectorAll<HTMLAnchorElement>(".sidebar a.nav-item"));
  let shown: Place[] = [];
  let chosen = 0;
  let latest = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked: Promise<void> | null = null;

  const mark = (index: number): void => {
    chosen = shown.length ? (index + shown.length) % shown.length : 0;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
    list.children[chosen]?.scrollIntoView({ block: "nearest" });
    if (shown.length) field.setAttribute("aria-activedescendant", `switcher-${chosen}`);
    else field.removeAttribute("aria-activedescendant");
  };
  const show = (places: Place[]): void => {
    shown = places;
    list.replaceChildren(...(places.length ? places.map(option) : [element("li", { class: "switcher__none", role: "presentation" }, t("switcher_none"))]));
    mark(0);
  };
  const look = (): void => {
    clearTimeout(timer);
    timer = undefined;
    asked = ask();
  };
  const ask = async (): Promise<void> => {
    const mine = ++latest;
    const query = field.value;
    const answer = await fetch(`${base}/api/v1/switch?q=${encodeURIComponent(query)}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (mine !== latest) return;
    const places = answer?.ok ? ((await answer.json()) as Place[]) : [];
    if (mine !== latest) return;
    asked = null;
    show(offered(places, pages, query));
    announce(t("mention_count", { count: shown.length }));
  };
  const go = (place: Place | undefined, isElsewhere: boolean): void => {
    if (!place) return;
    dialog.close();
    if (isElsewhere) return void window.open(place.url);
    // The chat page changes its conversation without being loaded anew.
    const link = element("a", { href: place.url, hidden: "", ...(place.kind === "room" ? { "data-room": place.id } : {}) });
    (document.querySelector("parvis-chat") ?? document.body).append(link);
    link.click();
    link.remove();
  };

  /** Who types and presses Enter means what is typed, not what was found for its first letters. */
  const enter = async (isElsewhere: boolean): Promise<void> => {
    if (timer !== undefined) look();
    while (asked) await asked;
    go(shown[chosen], isElsewhere);
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE_MS);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") mark(chosen + 1);
    else if (event.key === "ArrowUp") mark(chosen - 1);
    else if (event.key === "Enter") void enter(event.ctrlKey || event.metaKey);
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => go(shown[[...list.children].indexOf((event.target as Element).closest("li")!)], event.ctrlKey || event.metaKey));
  list.addEventListener("pointermove", (event) => {
    const at = [...list.children].indexOf((event.target as Element).closest("li")!);
    if (at >= 0 && at !== chosen) mark(at);
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  field.value = typed;
  show(typed ? offered([], pages, typed) : pages);
  dialog.showModal();
  look();
}

function option(place: Place, at: number): HTMLElement {
  const face = place.avatar_url ? element("img", { class: "switcher__face", src: place.avatar_url, alt: "" }) : element("span", { class: "switcher__face" }, icon(SYMBOL[place.kind] ?? "arrow-right"));
  const text = element("span", { class: "switcher__text" }, element("span", { class: "truncate" }, place.title), ...(place.subtitle ? [element("span", { class: "truncate faint" }, place.subtitle)] : []));
  return element("li", { class: "switcher__one", role: "option", id: `switcher-${at}` }, face, text, element("span", { class: "switcher__kind faint" }, t(`switcher_${place.kind}`)));
}
