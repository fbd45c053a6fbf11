import { behavior } from "../behavior";

const TALLEST_PX = 380;

/** Fold a long text; the link to the whole stands under it. */
behavior("[data-clamp]", (body) => {
  if (body.scrollHeight <= TALLEST_PX) return;
  body.dataset.folded = "";
  const more = body.parentElement?.querySelector<HTMLElement>(".entry__more");
  if (more) more.hidden = false;
});
