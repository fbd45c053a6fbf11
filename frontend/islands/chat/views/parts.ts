/** The small things that every view is made of; the same markup as the server's components. */
import { html, nothing, type TemplateResult } from "lit";
import { t } from "../../../strings.ts";
import { hue, initials } from "../model/faces.ts";
import type { Presence } from "../model/around.ts";
import type { Person, Room } from "../model/types.ts";

export type Part = TemplateResult | typeof nothing;

let sprite: string | undefined;

export function icon(name: string, size = ""): TemplateResult {
  sprite ??= document.querySelector("use[href*='icons.svg']")?.getAttribute("href")?.split("#")[0] ?? "";
  return html`<svg class=${size ? `icon icon--${size}` : "icon"} aria-hidden="true"><use href="${sprite}#${name}"></use></svg>`;
}

/** A button that says what it does by `data-do`: one listener of the island hears all of them. */
export function tool(symbol: string, label: string, does: string, options: { pressed?: boolean; small?: boolean; value?: string } = {}): TemplateResult {
  return html`<button type="button" class="icon-button${options.small ? " icon-button--small" : ""}" data-do=${does} data-value=${options.value ?? nothing} aria-label=${label} title=${label} aria-pressed=${options.pressed ?? nothing}>${icon(symbol)}</button>`;
}

export function avatar(person: Person | null, size = "m", presence?: Presence): TemplateResult {
  const name = person?.name ?? "?";
  const face = html`<span class="avatar avatar--${size}" data-hue=${hue(name)} data-initials=${initials(name)} aria-hidden="true">${person?.avatar_url ? html`<img src=${person.avatar_url} alt="" loading="lazy" decoding="async">` : nothing}</span>`;
  return presence ? html`<span class="face">${face}${presenceDot(presence)}</span>` : face;
}

export function presenceDot(presence: Presence): Part {
  if (presence === "offline") return nothing;
  return html`<span class="presence presence--${presence}"><span class="visually-hidden">${t(`chat_${presence}`)}</span></span>`;
}

/** A conversation's face: the other person, two of the group, the space's mark. */
export function roomFace(room: Room, viewer: Person, presence?: (id: string) => Presence | undefined, size = "m"): TemplateResult {
  if (room.kind === "space") return html`<span class="room-mark room-mark--${size}" data-hue=${hue(room.space?.name ?? room.name)} aria-hidden="true">${icon(room.is_private ? "lock" : "hash")}</span>`;
  const others = room.members.filter(({ id }) => id !== viewer.id);
  if (room.kind === "direct") return avatar(others[0] ?? viewer, size, presence?.((others[0] ?? viewer).id) ?? "offline");
  return html`<span class="faces faces--${size}" aria-hidden="true">${others.slice(0, 2).map((person) => avatar(person, "s"))}</span>`;
}

export function counter(room: Room): Part {
  if (!room.unread_count && !room.mention_count) return nothing;
  const shown = room.mention_count || room.unread_count;
  const label = room.mention_count ? t("chat_mentions", { count: room.mention_count }) : t("chat_unread", { count: room.unread_count });
  return html`<span class="counter${room.mention_count ? "" : " counter--quiet"}"><span aria-hidden="true">${shown > 99 ? "99+" : shown}</span><span class="visually-hidden">${label}</span></span>`;
}
