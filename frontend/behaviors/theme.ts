import { behavior } from "../behavior";

const YEAR_S = 31_536_000;

/** The choice lives in a cookie, so that the server writes it into the page and nothing flashes. */
export function choose(theme: string): void {
  const root = document.documentElement;
  if (theme === "system") root.removeAttribute("data-theme");
  else root.dataset.theme = theme;
  const secure = location.protocol === "https:" ? ";secure" : "";
  document.cookie = `parvis_theme=${theme};path=/;max-age=${theme === "system" ? 0 : YEAR_S};samesite=lax${secure}`;
  document.querySelectorAll<HTMLButtonElement>("[data-theme-switch] button").forEach(mark);
}

function mark(button: HTMLButtonElement): void {
  const now = document.documentElement.dataset.theme ?? "system";
  button.setAttribute("aria-pressed", String(button.value === now));
}

behavior("[data-theme-switch]", (group) => {
  group.querySelectorAll<HTMLButtonElement>("button").forEach((button) => {
    mark(button);
    button.addEventListener("click", () => choose(button.value));
  });
});
