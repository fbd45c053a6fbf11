/** Where one reads stays where it is, whatever comes above or below; who is at the end stays at the end. */

const AT_END_PX = 48;
const NEAR_PX = 700;

export interface Sight { nearTop(): void; nearEnd(): void; moved(): void }

export class Scroller {
  isAtEnd = true;
  private readonly resizes: ResizeObserver | undefined;

  constructor(private readonly box: HTMLElement, inner: HTMLElement, private readonly sight: Sight) {
    box.addEventListener("scroll", () => this.scrolled(), { passive: true });
    // A picture that arrives, a keyboard that opens.
    this.resizes = typeof ResizeObserver === "function" ? new ResizeObserver(() => this.isAtEnd && this.toEnd()) : undefined;
    this.resizes?.observe(box);
    this.resizes?.observe(inner);
  }

  stop(): void {
    this.resizes?.disconnect();
  }

  toEnd(): void {
    this.box.scrollTop = this.box.scrollHeight;
    this.isAtEnd = true;
  }

  to(element: HTMLElement, where: ScrollLogicalPosition = "center"): void {
    this.isAtEnd = false;
    element.scrollIntoView({ block: where, behavior: "instant" });
    this.scrolled();
  }

  /** Change the content while what is read stays in its place. */
  keeping(change: () => void): void {
    const anchor = this.isAtEnd ? null : this.anchor();
    const before = anchor?.getBoundingClientRect().top ?? 0;
    change();
    if (this.isAtEnd) this.toEnd();
    else if (anchor?.isConnected) this.box.scrollTop += anchor.getBoundingClientRect().top - before;
  }

  private anchor(): Element | null {
    const top = this.box.getBoundingClientRect().top;
    return [...this.box.querySelectorAll("[data-seq]")].find((element) => element.getBoundingClientRect().bottom > top) ?? null;
  }

  private scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.box;
    const rest = scrollHeight - clientHeight - scrollTop;
    this.isAtEnd = rest < AT_END_PX;
    if (scrollTop < NEAR_PX) this.sight.nearTop();
    if (rest < NEAR_PX) this.sight.nearEnd();
    this.sight.moved();
  }
}
