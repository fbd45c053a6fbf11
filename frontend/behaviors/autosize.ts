import { behavior } from "../behavior";

// `field-sizing: content` does it alone where the browser knows it.
const isNative = typeof CSS !== "undefined" && CSS.supports?.("field-sizing", "content");

behavior("textarea[data-autosize]", (element) => {
  if (isNative) return;
  const grow = (): void => {
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight + 2}px`;
  };
  element.addEventListener("input", grow);
  if ((element as HTMLTextAreaElement).value) grow();
});
