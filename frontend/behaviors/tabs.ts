import { behavior } from "../behavior";

/** Of tabs that scroll sideways, the one where one is must be seen. */
behavior(".tabs ul", (list) => {
  const current = list.querySelector<HTMLElement>("[aria-current=page]");
  if (current && list.scrollWidth > list.clientWidth) list.scrollLeft = current.offsetLeft - list.offsetLeft - (list.clientWidth - current.offsetWidth) / 2;
});
