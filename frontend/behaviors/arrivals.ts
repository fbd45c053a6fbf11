/** When those whom a text names will hear of it: asked of the server when they are others, not at every letter. */
import { behavior } from "../behavior";
import { expand } from "./mention-text";

const PAUSE_MS = 400;
const PERSON = /\(person:([0-9a-f-]{36})\)/g;

behavior("[data-arrivals]", (place) => {
  const form = place.closest("form");
  const field = form?.querySelector<HTMLTextAreaElement>("[data-text]");
  const address = place.dataset.arrivals ?? "";
  if (!form || !field || !address) return;
  // Of a conversation the server knows who is meant, whoever is named.
  const isConversation = address.includes("/chat/");
  let asked: string | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const look = async (): Promise<void> => {
    const people = [...new Set([...expand(form, field.value).matchAll(PERSON)].map(([, id]) => id!))].sort();
    const query = people.map((id) => `person=${id}`).join("&");
    const wanted = query || (isConversation && field.value.trim()) ? query : null;
    if (wanted === asked) return;
    asked = wanted;
    if (wanted === null) return place.replaceChildren();
    const answer = await fetch(`${address}?${wanted}`, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok || wanted !== asked) return;
    const typed = reason()?.value || place.dataset.reason;
    place.innerHTML = await answer.text();
    const kept = reason();
    if (kept && typed) {
      kept.value = typed;
      kept.closest("details")!.open = true;
    }
  };
  const reason = (): HTMLInputElement | null => place.querySelector<HTMLInputElement>("[name=urgent_reason]");
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void look(), PAUSE_MS);
  };
  // What is sent is sent: the next text calls nobody.
  const begin = (): void => {
    asked = null;
    delete place.dataset.reason;
    place.replaceChildren();
  };
  field.addEventListener("input", soon);
  form.addEventListener("parvis:sent", begin);
  form.addEventListener("reset", begin);
  soon();
});
