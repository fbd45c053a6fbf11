import { element, icon } from "../dom";
import { t } from "../strings";

let box: HTMLDialogElement | undefined;
let pictures: HTMLAnchorElement[] = [];
let at = 0;

document.addEventListener("click", (event) => {
  const link = (event.target as Element).closest<HTMLAnchorElement>("[data-lightbox] a");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  pictures = [...link.closest("[data-lightbox]")!.querySelectorAll<HTMLAnchorElement>("a")];
  box ??= build();
  show(pictures.indexOf(link));
  box.showModal();
});

function show(index: number): void {
  at = (index + pictures.length) % pictures.length;
  const link = pictures[at]!;
  const text = link.querySelector("img")?.alt ?? "";
  const image = box!.querySelector("img")!;
  image.src = link.dataset.large ?? link.href;
  box!.querySelector<HTMLAnchorElement>(".lightbox__original")!.href = link.href;
  image.alt = text;
  box!.querySelector(".lightbox__text")!.textContent = text;
  box!.querySelectorAll<HTMLElement>("[data-step]").forEach((button) => (button.hidden = pictures.length < 2));
}

function build(): HTMLDialogElement {
  const close = element("button", { type: "button", class: "lightbox__close", "aria-label": t("close"), "data-closes": "" }, icon("x"));
  const previous = element("button", { type: "button", class: "lightbox__previous", "data-step": "-1", "aria-label": t("image_previous") }, icon("chevron-left"));
  const next = element("button", { type: "button", class: "lightbox__next", "data-step": "1", "aria-label": t("image_next") }, icon("chevron-right"));
  const image = element("img", { class: "lightbox__picture", alt: "" });
  const original = element("a", { class: "lightbox__original", target: "_blank", rel: "noopener", "aria-label": t("image_original"), title: t("image_original") }, icon("maximize-2"));
  const made = element("dialog", { class: "lightbox", "aria-label": t("image_open") }, image, original, close, previous, next, element("p", { class: "lightbox__text" }));
  made.addEventListener("click", (event) => {
    const step = (event.target as Element).closest<HTMLElement>("[data-step]")?.dataset.step;
    if (step) show(at + Number(step));
    else if (event.target === made || event.target === image) made.close();
  });
  made.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") show(at + 1);
    if (event.key === "ArrowLeft") show(at - 1);
  });
  document.body.append(made);
  return made;
}
