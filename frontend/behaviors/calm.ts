/** Outside working time the counters are quiet, and a moon beside the inbox says why. */
import { behavior } from "../behavior";
import { asksIn, calmText, isCalm, look } from "../calm";
import { element, icon } from "../dom";

// At the stroke of the hour not everybody's windows ask at once.
const SPREAD_MS = 3_000;

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
  const ask = async (): Promise<void> => {
    if (!counter.isConnected) return;
    await look(counter.dataset.calmUrl!);
    show();
    setTimeout(turn, asksIn());
  };
  const turn = (): void => {
    show();
    setTimeout(() => void ask(), Math.random() * SPREAD_MS);
  };
  show();
  setTimeout(() => void ask(), 100);
});
