/** The island's questions to the API; every address stands below the organization's prefix. */
import { csrfToken } from "../../dom.ts";
import { t } from "../../strings.ts";
import type { Answer, Letter } from "./model/outbox.ts";
import type { Level, Member, Message, Page, Person, Room, RoomFile, Seen, SpaceName } from "./model/types.ts";

export class Refused extends Error {
  constructor(readonly status: number, message: string, readonly data: unknown = null) {
    super(message);
  }
}

const base = `${/^\/o\/[^/]+/.exec(location.pathname)?.[0] ?? ""}/api/v1`;

async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRFToken"] = csrfToken();
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(base + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  if (answer.status === 204) return undefined as T;
  const data: unknown = await answer.json().catch(() => null);
  if (!answer.ok) throw new Refused(answer.status, reasonOf(answer.status, data), data);
  return data as T;
}

function reasonOf(status: number, data: unknown): string {
  const detail = (data as { detail?: unknown } | null)?.detail;
  if (typeof detail === "string") return detail;
  return t(status === 429 ? "too_many" : "error");
}

export async function post(letter: Letter): Promise<Answer> {
  const { id, body, files, reply_to, thread, urgent_reason } = letter;
  try {
    return { kind: "taken", message: await ask<Message>("POST", `/rooms/${letter.room}/messages`, { id, body, files, ...(reply_to ? { reply_to } : {}), ...(thread ? { thread } : {}), ...(urgent_reason ? { urgent_reason } : {}) }) };
  } catch (error) {
    // Nobody answered, too many at once, or the server is restarting: it is tried again with the same id.
    if (!(error instanceof Refused) || error.status === 429 || error.status >= 500) return { kind: "away" };
    return { kind: "refused", reason: error.message };
  }
}

const query = (values: Record<string, string | number | undefined>): string => {
  const given = Object.entries(values).filter((pair): pair is [string, string | number] => pair[1] !== undefined);
  return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : "";
};

interface Listed<T> { items: T[] }

const listOf = <T>(answer: Listed<T>): T[] => answer.items;

export const messages = (room: string, where: { before?: number; after?: number; around?: number; at?: string; limit?: number } = {}): Promise<Page> => ask("GET", `/rooms/${room}/messages${query(where)}`);
export const rooms = async (): Promise<Room[]> => listOf(await ask<Listed<Room>>("GET", "/rooms?limit=100"));
export const room = (id: string): Promise<Room> => ask("GET", `/rooms/${id}`);
export const createRoom = (values: Record<string, unknown>): Promise<Room> => ask("POST", "/rooms", values);
export const changeRoom = (id: string, values: Record<string, unknown>): Promise<Room> => ask("PATCH", `/rooms/${id}`, values);
export const archivedRooms = async (): Promise<Room[]> => listOf(await ask<Listed<Room>>("GET", "/rooms?limit=100&archived=true"));
export const members = async (id: string): Promise<Member[]> => listOf(await ask<Listed<{ person: Person; is_host: boolean }>>("GET", `/rooms/${id}/members?limit=100`)).map(({ person, is_host }) => ({ ...person, is_host }));
export const removeMember = (id: string, person: string): Promise<unknown> => ask("DELETE", `/rooms/${id}/members/${person}`);
export const files = async (id: string): Promise<RoomFile[]> => listOf(await ask<Listed<RoomFile>>("GET", `/rooms/${id}/files?limit=20`));
export const join = (id: string, me: string): Promise<Room> => ask("POST", `/rooms/${id}/members`, { people: [me] });
export const addMembers = (id: string, people: string[], sees: string): Promise<unknown> => ask("POST", `/rooms/${id}/members`, { people, sees });
export const leave = (id: string): Promise<unknown> => ask("DELETE", `/rooms/${id}/members/me`);
export const setMembership = (id: string, values: { level?: Level; is_favourite?: boolean; muted_until?: string | null }): Promise<unknown> => ask("PATCH", `/rooms/${id}/membership`, values);
export const read = (id: string, seq: number): Promise<unknown> => ask("PUT", `/rooms/${id}/read`, { seq });
export const seen = async (id: string): Promise<Seen[]> => listOf(await ask<Listed<Seen>>("GET", `/rooms/${id}/seen`));
export const unread = (id: string, seq: number): Promise<unknown> => ask("POST", `/rooms/${id}/unread`, { seq });
export const message = (id: string): Promise<Message> => ask("GET", `/messages/${id}`);
export const edit = (id: string, body: string, version: number): Promise<Message> => ask("PATCH", `/messages/${id}`, { body, version });
export const remove = (id: string): Promise<unknown> => ask("DELETE", `/messages/${id}`);
export const showEntry = (room: string, id: string, entry: string, body: string): Promise<Message> => ask("POST", `/rooms/${room}/messages`, { id, body, entry });
export const react = (id: string, emoji: string, isOn: boolean): Promise<unknown> => ask(isOn ? "PUT" : "DELETE", `/messages/${id}/reactions/${encodeURIComponent(emoji)}`);
export const pin = (id: string, isOn: boolean): Promise<unknown> => ask(isOn ? "PUT" : "DELETE", `/messages/${id}/pin`);
export const removePreview = (id: string): Promise<unknown> => ask("DELETE", `/messages/${id}/preview`);
export const report = (id: string, reason: string, note: string): Promise<unknown> => ask("POST", `/messages/${id}/reports`, { reason, message: note });
export const thread = async (id: string): Promise<Message[]> => listOf(await ask<Listed<Message>>("GET", `/messages/${id}/thread`));
export const pins = async (id: string): Promise<Message[]> => listOf(await ask<Listed<Message>>("GET", `/rooms/${id}/pins`));
export const search = async (q: string, inRoom?: string): Promise<Message[]> => listOf(await ask<Listed<Message>>("GET", `/messages/search${query({ q, room: inRoom })}`));
export const publish = (id: string, values: Record<string, unknown>): Promise<{ url: string }> => ask("POST", `/messages/${id}/entries`, values);

export interface MyStatus { emoji: string; text: string; until: string | null; undisturbed_until: string | null; hides_presence: boolean }
export const myStatus = (): Promise<MyStatus> => ask("GET", "/me/status");
export const setStatus = (status: MyStatus): Promise<MyStatus> => ask("PUT", "/me/status", status);

interface Found { kind: string; id: string; title: string; url: string; avatar_url: string | null }
/** People to talk to: the quick switcher's, so that nobody is found whom the viewer may not know of. */
export const people = async (q: string): Promise<Person[]> =>
  (await ask<Found[]>("GET", `/switch${query({ q })}`)).filter(({ kind }) => kind === "person").map(({ id, title, url, avatar_url }) => ({ id, name: title, url, avatar_url }));

interface Space { id: string; name: string; state: string; posting: string; role: string | null }
/** Where the viewer may post. */
export const postable = async (): Promise<SpaceName[]> =>
  listOf(await ask<Listed<Space>>("GET", "/spaces?limit=100")).filter(({ state, posting, role }) => state === "active" && (role === "host" || (role === "member" && posting === "members")));
