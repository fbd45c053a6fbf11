import { html, nothing, type TemplateResult } from "lit";
import { t } from "../../../strings.ts";
import type { Room } from "../model/types.ts";
import type { View } from "../view.ts";
import { roomFace } from "./parts.ts";

/** Above the first message: where one is. While a conversation loads: its shape. */
export function start(what: "beginning" | "loading", room: Room, view: View): TemplateResult {
  if (what === "loading") return html`<div class="chat__loading" role="status"><span class="visually-hidden">${t("loading")}</span>${[3, 1, 2, 4, 2].map((lines) => html`<div class="ghost"><span></span><div>${Array.from({ length: lines }, () => html`<i></i>`)}</div></div>`)}</div>`;
  return html`<div class="beginning">${roomFace(room, view.viewer, undefined, "l")}<h2 class="beginning__name">${room.name}</h2><p class="soft">${t(`chat_beginning_${room.kind}`, { name: room.name, space: room.space?.name ?? "" })}</p>${room.topic ? html`<p>${room.topic}</p>` : nothing}</div>`;
}
