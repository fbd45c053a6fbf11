import { behavior } from "../behavior";

const MOST_CHOICES = 20;

/** A choice that is not sent yet is not swept away when somebody else's vote arrives. */
behavior("form[data-poll]", (form) => {
  form.addEventListener("change", () => form.toggleAttribute("data-in-use", isChanged(form)));
  form.addEventListener("submit", () => form.removeAttribute("data-in-use"));
});

/** The choices of a poll that is being written: one more at a time; Enter goes on instead of publishing. */
behavior("[data-choices]", (list) => {
  const more = list.parentElement?.querySelector<HTMLButtonElement>("[data-add-choice]");
  const fields = (): HTMLInputElement[] => [...list.querySelectorAll("input")];
  const add = (): void => {
    const [first] = fields();
    if (!first || fields().length >= MOST_CHOICES) return;
    const next = first.cloneNode() as HTMLInputElement;
    next.value = "";
    next.defaultValue = "";
    next.placeholder = (first.dataset.label ?? "#").replace("#", String(fields().length + 1));
    next.setAttribute("aria-label", next.placeholder);
    list.append(next);
    if (more) more.hidden = fields().length >= MOST_CHOICES;
    next.focus();
  };
  if (more) {
    more.hidden = false;
    more.addEventListener("click", add);
  }
  list.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const all = fields();
    const next = all[all.indexOf(event.target as HTMLInputElement) + 1];
    if (next) next.focus();
    else add();
  });
});

/** What a text carries beside it is folded away again with the text. */
behavior("details[data-extra]", (details) => {
  details.closest("form")?.addEventListener("reset", () => details.removeAttribute("open"));
});

export function isChanged(form: HTMLElement): boolean {
  return [...form.querySelectorAll<HTMLInputElement>("input[name=option]")].some((input) => input.checked !== input.defaultChecked);
}
