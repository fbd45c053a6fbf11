import { behavior } from "../behavior";
import { whenNear } from "../near";

/** What scrolls sideways must be reachable by keyboard. */
behavior("pre, .prose table", (block) => {
  whenNear(block, () => (block.scrollWidth > block.clientWidth ? () => (block.tabIndex = 0) : undefined));
});
