import { behavior } from "../behavior";
import { language, t } from "../strings";

const EVERY_MS = 30_000;
const STEPS: Array<[Intl.RelativeTimeFormatUnit, number]> = [["day", 86_400], ["hour", 3600], ["minute", 60]];
const shown = new Set<HTMLTimeElement>();

export function relative(moment: Date, now = new Date()): string | null {
  const seconds = (moment.getTime() - now.getTime()) / 1000;
  if (Math.abs(seconds) < 60) return t("just_now");
  if (Math.abs(seconds) >= 7 * 86_400) return null;
  const [unit, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length)!;
  return new Intl.RelativeTimeFormat(language(), { numeric: "always", style: "short" }).format(Math.round(seconds / size), unit);
}

function refresh(time: HTMLTimeElement): void {
  const text = relative(new Date(time.dateTime));
  // Older than a week: the date that the server wrote is right for ever.
  if (text === null) shown.delete(time);
  else if (time.textContent !== text) time.textContent = text;
}

behavior("time[data-relative]", (element) => {
  shown.add(element as HTMLTimeElement);
});

setInterval(() => {
  if (document.hidden) return;
  for (const time of shown) time.isConnected ? refresh(time) : shown.delete(time);
}, EVERY_MS);
