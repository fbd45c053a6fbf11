import { behavior } from "../behavior";
import { csrfToken } from "../dom";
import { t } from "../strings";
import { expand } from "./mention-text";

behavior("[data-composer][data-preview-url]", (form) => {
  const field = form.querySelector<HTMLTextAreaElement>("[data-text]");
  const pane = form.querySelector<HTMLElement>("[data-preview]");
  const button = form.querySelector<HTMLElement>("[data-preview-toggle]");
  if (!field || !pane || !button) return;
  button.addEventListener("click", () => {
    const showing = pane.hidden;
    pane.hidden = !showing;
    field.hidden = showing;
    button.setAttribute("aria-pressed", String(showing));
    if (showing) void fill();
    else field.focus();
  });

  async function fill(): Promise<void> {
    pane!.textContent = t("loading");
    const body = new FormData();
    body.append("body", expand(form, field!.value));
    const space = (form as HTMLFormElement).elements.namedItem("space") as HTMLSelectElement | HTMLInputElement | null;
    if (space?.value) body.append("space", space.value);
    body.append("csrfmiddlewaretoken", csrfToken(form));
    const answer = await fetch(form.dataset.previewUrl!, { method: "POST", body }).catch(() => null);
    if (!answer?.ok) return void (pane!.textContent = t("error"));
    // The server sanitised it: it is the very text that will be published.
    pane!.innerHTML = (await answer.text()) || t("preview_empty");
    pane!.focus();
  }
});
