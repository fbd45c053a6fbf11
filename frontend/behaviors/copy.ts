import { t } from "../strings";
import { showToast } from "./toast";

document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLElement>("[data-copy]");
  if (!button) return;
  event.preventDefault();
  const address = new URL(button.dataset.copy!, location.href).href;
  void copy(address).then((done) => showToast(t(done ? "copied" : "copy_failed")));
});

export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // No clipboard without TLS: an old way that still works.
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}
