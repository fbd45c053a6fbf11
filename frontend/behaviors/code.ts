import { behavior } from "../behavior";
import { element, icon } from "../dom";
import { t } from "../strings";
import { copy } from "./copy";
import { showToast } from "./toast";

/** A block of code says its language, and can be copied whole. */
behavior(".prose pre", (block) => {
  const code = block.querySelector("code");
  if (!code || block.parentElement?.classList.contains("code")) return;
  const language = /(?:^|\s)language-(\S+)/.exec(code.className)?.[1] ?? "";
  const button = element("button", { type: "button", class: "code__copy", "aria-label": t("code_copy"), title: t("code_copy") }, icon("copy"));
  button.addEventListener("click", () => {
    void copy(code.textContent ?? "").then((done) => showToast(t(done ? "code_copied" : "copy_failed")));
  });
  const frame = element("div", { class: "code" });
  block.replaceWith(frame);
  frame.append(element("div", { class: "code__bar" }, element("span", { class: "code__language" }, language), button), block);
});
