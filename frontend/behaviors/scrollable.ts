import { behavior } from "../behavior";

/** What scrolls sideways must be reachable by keyboard. */
behavior("pre, .prose table", (block) => {
  if (block.scrollWidth > block.clientWidth) block.tabIndex = 0;
});
