import { behavior } from "../behavior";
import { t } from "../strings";

/** A post may wait for its hour: suggestions fill the field, and the button says what will happen. */
behavior("[data-later]", (box) => {
  const field = box.querySelector<HTMLInputElement>("[name=publish_at]");
  const label = box.closest("form")?.querySelector<HTMLElement>(".composer__bar [type=submit] span");
  if (!field) return;
  const usual = label?.textContent ?? "";
  const say = (): void => {
    if (label && !box.hasAttribute("data-waits")) label.textContent = field.value ? t("schedule") : usual;
  };
  box.addEventListener("click", (event) => {
    const moment = (event.target as Element).closest<HTMLButtonElement>("[data-moment]")?.value;
    if (!moment) return;
    field.value = moment;
    field.focus();
    say();
  });
  field.addEventListener("input", say);
  box.closest("form")?.addEventListener("reset", () => setTimeout(say));
});
