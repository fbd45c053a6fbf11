import { announce } from "../announce";
import { behavior } from "../behavior";
import { t } from "../strings";

const PAUSE_MS = 150;

/** A combobox whose options are a fragment of the server: typing asks, arrows choose, Enter opens. */
behavior("[data-suggest]", (element) => {
  const field = element as HTMLInputElement;
  const list = document.getElementById(field.getAttribute("aria-controls") ?? "");
  if (!list) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking: AbortController | undefined;
  let chosen = -1;

  const options = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>("[role=option]")];
  const show = (isOpen: boolean): void => {
    list.hidden = !isOpen;
    field.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) choose(-1);
  };
  const choose = (index: number): void => {
    chosen = index;
    options().forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    const option = options()[index];
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  };
  const ask = async (): Promise<void> => {
    asking?.abort();
    const mine = (asking = new AbortController());
    const url = new URL(field.dataset.suggest!, location.href);
    url.searchParams.set("q", field.value);
    const answer = await fetch(url, { signal: mine.signal, headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok) return;
    const html = await answer.text();
    if (mine.signal.aborted || document.activeElement !== field) return;
    list.innerHTML = html;
    options().forEach((option, at) => (option.id = `${list.id}-${at}`));
    show(options().length > 0);
    announce(t("mention_count", { count: options().length }));
  };
  const open = (option: HTMLElement | undefined): boolean => {
    if (option?.dataset.url) location.assign(option.dataset.url);
    return Boolean(option?.dataset.url);
  };
  const step = (by: number): void => {
    const count = options().length;
    // From the last one back to what was typed, and round again.
    choose(((chosen + 1 + by + count + 1) % (count + 1)) - 1);
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), PAUSE_MS);
  });
  field.addEventListener("focus", () => options().length && field.value && show(true));
  field.addEventListener("blur", () => setTimeout(() => show(false), 150));
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" && list.hidden) void ask();
    else if (list.hidden) return;
    else if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else if (event.key === "Escape") show(false);
    else if (event.key !== "Enter" || !open(options()[chosen])) return;
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => open((event.target as Element).closest<HTMLElement>("[role=option]") ?? undefined));
});
