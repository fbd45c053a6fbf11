import { behavior } from "../behavior";
import { whenNear } from "../near";

/** Fold a long text; the style keeps it short from the start, the link to the whole stands under it. */
behavior("[data-clamp]", (body) => {
  whenNear(body, () => {
    if (body.scrollHeight <= body.clientHeight + 1) return undefined;
    return () => {
      body.dataset.folded = "";
      const more = body.parentElement?.querySelector<HTMLElement>(".entry__more");
      if (more) more.hidden = false;
    };
  });
});
