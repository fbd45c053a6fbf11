import { behavior } from "../behavior";

/** A page that is made to be printed says so with a button; without a script the browser's own does. */
behavior("[data-print]", (button) => {
  button.addEventListener("click", () => window.print());
});
