import { html, nothing, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import { repeat } from "lit/directives/repeat.js";
import { t } from "../../../strings.ts";
import { dayOf, type Row, type Shown } from "../model/rows.ts";
import type { Attachment, Message, MessageLink, Person, Quote, Reaction } from "../model/types.ts";
import type { View } from "../view.ts";
import { clock, dayName, exact, fileSize, names } from "./formats.ts";
import { avatar, icon, tool, type Part } from "./parts.ts";

const QUICK = ["👍", "❤️", "😄"];

export function log(rows: readonly Row[], view: View): TemplateResult {
  return html`${repeat(daysOf(rows), (day) => day[0]!.key, (day) => html`<div class="day-group">${repeat(day, ({ key }) => key, (row) => (row.kind === "message" ? message(row.message, row.continues, view) : row.kind === "day" ? dayLine(row.date) : newLine()))}</div>`)}`;
}

/** Each day by itself: its name stays in sight as long as the day does. */
function daysOf(rows: readonly Row[]): Row[][] {
  const days: Row[][] = [];
  for (const row of rows) row.kind === "day" || !days.length ? days.push([row]) : days.at(-1)!.push(row);
  return days;
}

function dayLine(date: Date): TemplateResult {
  return html`<div class="day"><button type="button" class="day__name" data-do="jump" data-value=${dayOf(date.toISOString())} title=${t("chat_jump")}>${dayName(date)}${icon("chevron-down", "small")}</button></div>`;
}

function newLine(): TemplateResult {
  return html`<div class="new-line" id="chat-new-line"><span>${t("chat_new_since")}</span></div>`;
}

export function message(said: Shown, continues: boolean, view: View, place: "log" | "panel" = "log"): TemplateResult {
  if (said.kind !== "text") return html`<p class="chat-event" data-seq=${said.seq}>${happened(said)}</p>`;
  const isChosen = view.selecting?.has(said.id) ?? false;
  const classes = ["message", continues ? "message--continues" : "", said.mentions_me ? "message--for-me" : "", said.pending ? `message--${said.pending.state}` : "", said.is_pinned ? "message--pinned" : "", isChosen ? "message--chosen" : ""].filter(Boolean).join(" ");
  return html`<article class=${classes} id=${place === "log" ? `message-${said.id}` : nothing} data-id=${said.id} data-seq=${said.pending ? nothing : said.seq} tabindex="-1" aria-label=${t("chat_message_label", { name: said.author?.name ?? "", time: clock(said.created_at) })}>
    ${view.selecting && !said.deleted_at && place === "log" ? html`<label class="message__choose"><input type="checkbox" data-choose=${said.id} .checked=${isChosen}><span class="visually-hidden">${t("chat_choose")}</span></label>` : nothing}
    <div class="message__side">${continues ? html`<time class="message__clock" datetime=${said.created_at} title=${exact(said.created_at)}>${clock(said.created_at)}</time>` : html`<a class="avatar-link" href=${said.author?.url ?? "#"} tabindex="-1" aria-hidden="true">${avatar(said.author)}</a>`}</div>
    <div class="message__main">
      ${continues ? nothing : header(said, view)}
      ${said.deleted_at ? html`<p class="message__gone">${t(said.is_hidden ? "chat_hidden" : "chat_deleted")}</p>` : body(said, view, place)}
    </div>
    ${said.pending || said.deleted_at || view.selecting ? nothing : tools(said, view, place)}
  </article>`;
}

/** Where I am named shines. */
function markMine(text: Element | undefined, viewer: string): void {
  for (const mention of text?.querySelectorAll(`.mention[href$="/people/${viewer}"]`) ?? []) mention.classList.add("mention--me");
}

/** Somebody came, somebody left, the room has another name. */
function happened(said: Message): string {
  const { type, people = [], name = "", topic = "" } = said.event ?? { type: "" };
  const key = `chat_event_${type}`;
  const text = t(key, { who: said.author?.name ?? "", people: names(people.map((person) => person.name)), name, topic });
  return text === key ? said.body : text;
}

function header(said: Shown, view: View): TemplateResult {
  return html`<header class="message__head"><a class="message__author" href=${said.author?.url ?? "#"}>${said.author?.name}</a>${said.author?.status?.emoji ? html`<span class="message__status" title=${said.author.status.text}>${said.author.status.emoji}</span>` : nothing}<a class="message__time" href=${linkTo(said, view)}><time datetime=${said.created_at} title=${exact(said.created_at)}>${clock(said.created_at)}</time></a>${said.is_pinned ? html`<span class="message__pin">${icon("pin", "small")}<span class="visually-hidden">${t("chat_pinned")}</span></span>` : nothing}</header>`;
}

export function linkTo(said: Message, view: View): string {
  return `${view.room?.url ?? ""}?message=${said.id}`;
}

function body(said: Shown, view: View, place: "log" | "panel"): TemplateResult {
  const form = view.editing?.id === said.id && view.editing.place === place ? view.editing.form : null;
  return html`
    ${said.quote ? quote(said.quote, view) : nothing}
    ${said.urgent_reason ? html`<p class="message__urgent">${icon("flame", "small")}<span><strong>${t("chat_urgent")}</strong> — ${said.urgent_reason}</span></p>` : nothing}
    ${form && view.editing?.current ? html`<div class="message__conflict" role="alert"><p>${icon("triangle-alert", "small")}${t("chat_conflict")}</p><div class="prose prose--small" .innerHTML=${view.editing.current.html}></div><p class="faint">${t("chat_conflict_yours")}</p></div>` : nothing}
    ${form ?? html`<div class="prose prose--small message__text${isOnlyEmoji(said) ? " message__text--big" : ""}" .innerHTML=${said.html} ${ref((text) => markMine(text, view.viewer.id))}></div>`}
    ${said.edited_at && !form ? html`<span class="message__edited" title=${exact(said.edited_at)}>${t("chat_edited")}</span>` : nothing}
    ${files(said.attachments)}
    ${said.preview ? preview(said, view) : nothing}
    ${said.links.map(linked)}
    ${reactions(said, view)}
    ${place === "log" && said.thread?.replies ? thread(said) : nothing}
    ${place === "log" ? seenBy(view.seenAt(said.id)) : nothing}
    ${said.pending ? state(said) : nothing}`;
}

const SEEN_FACES = 5;

/** Small faces; a press names them. */
function seenBy(people: readonly Person[]): Part {
  if (!people.length) return nothing;
  const more = people.length - SEEN_FACES;
  const label = t("chat_seen_by", { names: names(people.map(({ name }) => name)) });
  return html`<button type="button" class="seen-by" data-do="seen" aria-haspopup="menu" aria-label=${label} title=${label}>${people.slice(0, SEEN_FACES).map((person) => avatar(person, "xs"))}${more > 0 ? html`<span class="seen-by__more">+${more}</span>` : nothing}</button>`;
}

function linked(link: MessageLink): TemplateResult {
  if (!link.url) return html`<p class="message__link message__link--hidden">${icon("lock", "small")}<span class="truncate">${t(link.is_readable === null ? "loading" : "chat_hidden_post")}</span></p>`;
  return html`<a class="message__link" href=${link.url}>${icon(link.link === "shows" ? "message-square" : "newspaper", "small")}<span class="truncate">${link.link === "shows" && link.author ? html`<strong>${link.author.name}</strong> ` : nothing}${link.title}</span>${icon("arrow-right", "small")}</a>`;
}

function isOnlyEmoji(said: Message): boolean {
  return said.body.length < 24 && /^(?:\p{Extended_Pictographic}[\p{M}\u200d\ufe0f\p{Emoji_Modifier}\p{Extended_Pictographic}]*\s*){1,3}$/u.test(said.body.trim());
}

function quote(quoted: Quote, view: View): TemplateResult {
  if (!quoted.id) return html`<p class="message__quote message__quote--earlier">${icon("history", "small")}<span>${t("chat_quote_earlier")}</span></p>`;
  return html`<a class="message__quote" href="${view.room?.url ?? ""}?message=${quoted.id}" data-goto=${quoted.id} data-goto-seq=${quoted.seq ?? nothing}><strong>${quoted.author?.name ?? ""}</strong> <span>${quoted.excerpt || t("chat_quote_gone")}</span></a>`;
}

function thread(said: Message): TemplateResult {
  const { replies, last_at } = said.thread!;
  return html`<button type="button" class="message__thread" data-do="thread">${icon("messages-square", "small")}<span>${t("chat_replies", { count: replies })}</span>${last_at ? html`<span class="faint">${t("chat_last_reply", { time: clock(last_at) })}</span>` : nothing}</button>`;
}

function state(said: Shown): TemplateResult {
  const { state: now, reason } = said.pending!;
  if (now === "sending") return html`<p class="message__state"><span class="message__dots" aria-hidden="true"></span>${t("chat_sending")}</p>`;
  if (now === "waiting") return html`<p class="message__state">${icon("clock", "small")}${t("chat_waiting")} <button type="button" class="link-button" data-do="retry">${t("chat_retry")}</button></p>`;
  return html`<p class="message__state message__state--failed" role="alert">${icon("circle-alert", "small")}<span>${t("chat_failed")} ${reason}</span> <button type="button" class="link-button" data-do="retry">${t("chat_retry")}</button> <button type="button" class="link-button" data-do="rewrite">${t("chat_rewrite")}</button></p>`;
}

export function reactions(said: Shown, view: View): Part {
  if (!said.reactions.length) return nothing;
  return html`<form class="reactions message__reactions" data-reactions data-message=${said.id}>
    ${repeat(said.reactions, ({ emoji }) => emoji, (reaction) => html`<button class="reaction" type="submit" name="emoji" value=${reaction.emoji} aria-pressed=${reaction.mine ?? false} title=${whoReacted(reaction, view)}><span class="reaction__emoji">${reaction.picture_url ? html`<img class="emoji" src=${reaction.picture_url} alt=${reaction.emoji}>` : reaction.emoji}</span><span class="reaction__count">${reaction.count}</span></button>`)}
    <button class="reaction reaction--add" type="button" data-emoji-picker aria-haspopup="dialog" aria-label=${t("chat_react")} title=${t("chat_react")}>${icon("smile-plus")}</button>
  </form>`;
}

function whoReacted(reaction: Reaction, view: View): string {
  const known = reaction.people?.length ? reaction.people : (reaction.person_ids ?? []).map((id) => (id === view.viewer.id ? t("chat_you") : view.nameOf(id))).filter(Boolean);
  const more = reaction.count - known.length;
  return names(more > 0 ? [...known, t("chat_more_people", { count: more })] : known);
}

function tools(said: Shown, view: View, place: "log" | "panel"): Part {
  if (view.editing?.id === said.id) return nothing;
  return html`<div class="message__tools" role="group" aria-label=${t("chat_actions")}>
    <form class="message__quick" data-reactions data-message=${said.id}>
      ${QUICK.map((emoji) => html`<button type="submit" name="emoji" value=${emoji} class="icon-button icon-button--small message__emoji" aria-label=${t("chat_react_with", { emoji })}>${emoji}</button>`)}
      <button class="icon-button icon-button--small" type="button" data-emoji-picker aria-haspopup="dialog" aria-label=${t("chat_react")} title=${t("chat_react")}>${icon("smile-plus")}</button>
    </form>
    ${view.room?.can.post && place === "log" ? tool("reply", t("chat_reply"), "reply", { small: true }) : nothing}
    ${place === "log" ? tool("messages-square", t("chat_reply_thread"), "thread", { small: true }) : nothing}
    ${tool("ellipsis", t("chat_more"), "menu", { small: true })}
  </div>`;
}

export function files(attachments: readonly Attachment[]): Part {
  if (!attachments.length) return nothing;
  const of = (kind: string): Attachment[] => attachments.filter(({ media_type }) => media_type.startsWith(`${kind}/`));
  const [images, films, sounds] = [of("image").filter(({ width }) => width !== null), of("video"), of("audio")];
  const others = attachments.filter((file) => ![...images, ...films, ...sounds].includes(file));
  return html`
    ${images.length ? html`<ul class="gallery message__gallery" role="list" data-count=${Math.min(images.length, 4)} data-lightbox>${images.map((image) => html`<li><a class="gallery__item" href=${path(image.url)}><img src=${image.thumbnail_url ?? `${path(image.url)}?size=640`} alt=${image.alternative_text ?? ""} width=${image.width!} height=${image.height!} loading="lazy" decoding="async">${image.alternative_text ? nothing : html`<span class="visually-hidden">${t("chat_image", { name: image.name })}</span>`}</a></li>`)}</ul>` : nothing}
    ${films.map((film) => html`<video class="film__player message__film" controls playsinline preload="metadata" poster=${film.poster_url ? path(film.poster_url) : nothing} src=${path(film.url)} aria-label=${film.alternative_text || film.name}>${film.captions_url ? html`<track kind="captions" src=${path(film.captions_url)} default>` : nothing}</video>`)}
    ${sounds.map((sound) => html`<audio controls preload="metadata" src=${path(sound.url)} aria-label=${sound.name}></audio>`)}
    ${others.length ? html`<ul class="files message__files" role="list">${others.map((file) => html`<li><a class="file" href=${path(file.url)} download><span class="file__icon">${icon("file-text")}</span><span class="file__name">${file.name}</span>${file.size_bytes ? html`<span class="file__size">${fileSize(file.size_bytes)}</span>` : nothing}${icon("download", "small")}</a></li>`)}</ul>` : nothing}`;
}

/** The page's own host, whatever address the installation gives itself. */
function path(url: string): string {
  return new URL(url, location.href).pathname;
}

function preview(said: Shown, view: View): TemplateResult {
  const { url, title, text, source, image_url } = said.preview!;
  return html`<div class="preview${image_url ? " preview--picture" : ""}">${image_url ? html`<img class="preview__image" src=${image_url} alt="" loading="lazy" decoding="async">` : nothing}<div class="preview__text"><p class="preview__source">${icon("link", "small")}<span class="truncate">${source ?? new URL(url, location.href).host}</span></p><p class="preview__title"><a href=${url} target="_blank" rel="noopener noreferrer nofollow ugc">${title}</a></p>${text ? html`<p class="preview__excerpt">${text}</p>` : nothing}</div>${said.author?.id === view.viewer.id ? html`<span class="preview__remove">${tool("x", t("chat_preview_remove"), "preview-remove", { small: true })}</span>` : nothing}</div>`;
}
