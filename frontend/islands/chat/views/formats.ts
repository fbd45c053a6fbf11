import { language, t } from "../../../strings.ts";

const DAY_MS = 86_400_000;

function format(options: Intl.DateTimeFormatOptions, moment: Date): string {
  return new Intl.DateTimeFormat(language(), options).format(moment);
}

export const clock = (moment: string | Date): string => format({ hour: "numeric", minute: "2-digit" }, new Date(moment));

export const exact = (moment: string): string => format({ dateStyle: "full", timeStyle: "short" }, new Date(moment));

function daysAgo(moment: Date, now: Date): number {
  const midnight = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  return Math.round((midnight(now) - midnight(moment)) / DAY_MS);
}

/** Above a day's messages: Today, Yesterday, Thursday 12 November. */
export function dayName(moment: Date, now = new Date()): string {
  const days = daysAgo(moment, now);
  if (days === 0) return t("chat_today");
  if (days === 1) return t("chat_yesterday");
  const year = moment.getFullYear() === now.getFullYear() ? {} : { year: "numeric" as const };
  const text = format({ weekday: "long", day: "numeric", month: "long", ...year }, moment);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** In the list: the hour today, the weekday this week, else the date. */
export function recent(moment: string, now = new Date()): string {
  const date = new Date(moment);
  const days = daysAgo(date, now);
  if (days <= 0) return clock(date);
  if (days < 7) return format({ weekday: "short" }, date);
  return format({ day: "numeric", month: "short" }, date);
}

export function fileSize(bytes: number): string {
  const units = ["kilobyte", "megabyte", "gigabyte"];
  let size = bytes / 1000;
  let at = 0;
  while (size >= 1000 && at < units.length - 1) [size, at] = [size / 1000, at + 1];
  return new Intl.NumberFormat(language(), { style: "unit", unit: units[at], maximumFractionDigits: size < 10 ? 1 : 0 }).format(size);
}

export function names(people: readonly string[]): string {
  return new Intl.ListFormat(language(), { type: "conjunction" }).format(people);
}
