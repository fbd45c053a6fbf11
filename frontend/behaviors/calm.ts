/** Outside working time the counters are quiet, and a moon beside the inbox says why. */
import { behavior } from "../behavior";
import { calmText, isCalm, look } from "../calm";
import { element, icon } from "../dom";

const EVERY_MS = 5 * 60_000;

function show(): void {
  const root = document.documentElement;
  root.toggleAttribute("data-calm", isCalm());
  for (const counter of document.querySelectorAll<HTMLElement>("[data-calm-url]")) {
    counter.parentElement?.querySelector(".calm-mark")?.remove();
    if (!isCalm()) continue;
    const said = element("span", { class: "visually-hidden" }, calmText());
    counter.before(element("span", { class: "calm-mark", title: calmText() }, icon("moon"), said));
  }
}

behavior("[data-calm-url]", (counter) => {
  const ask = (): void => void look(counter.dataset.calmUrl!).then(show);
  show();
  setTimeout(ask, 100);
  setInterval(ask, EVERY_MS);
});
