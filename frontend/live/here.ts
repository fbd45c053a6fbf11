/** Whether somebody looks: told when it changes and when a connection begins, kept by nobody. */

const IDLE_MS = 5 * 60_000;
const SIGNS = ["pointerdown", "pointermove", "keydown", "scroll"];

/** `say` reaches the gateway; the returned function tells it anew, to a connection that knows nothing yet. */
export function tellWhetherHere(say: (words: object) => void): () => void {
  let told = "active";
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = (state: string, isAnew = false): void => {
    if (state === told && !isAnew) return;
    told = state;
    say({ presence: state });
  };
  const look = (): void => {
    clearTimeout(timer);
    tell(document.hidden ? "away" : "active");
    if (!document.hidden) timer = setTimeout(() => tell("away"), IDLE_MS);
  };
  for (const sign of SIGNS) document.addEventListener(sign, look, { passive: true, capture: true });
  document.addEventListener("visibilitychange", look);
  look();
  return () => told === "active" || tell(told, true);
}
