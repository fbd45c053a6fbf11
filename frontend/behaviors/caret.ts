const COPIED = ["fontFamily", "fontSize", "fontWeight", "letterSpacing", "lineHeight", "paddingTop", "paddingLeft", "paddingRight", "borderTopWidth", "borderLeftWidth", "borderRightWidth", "whiteSpace", "overflowWrap", "boxSizing"] as const;

/** Where the caret stands in a textarea: a copy of the text is laid out unseen, and a mark in it is measured. */
export function caretPosition(field: HTMLTextAreaElement): { left: number; top: number; height: number } {
  const style = getComputedStyle(field);
  const copy = document.createElement("div");
  for (const property of COPIED) copy.style[property] = style[property];
  Object.assign(copy.style, { position: "absolute", visibility: "hidden", whiteSpace: "pre-wrap", width: `${field.offsetWidth}px` });
  copy.textContent = field.value.slice(0, field.selectionStart);
  const mark = document.createElement("span");
  mark.textContent = "\u200b";
  copy.append(mark);
  field.parentElement!.append(copy);
  const found = { left: mark.offsetLeft, top: mark.offsetTop - field.scrollTop, height: mark.offsetHeight };
  copy.remove();
  return found;
}
