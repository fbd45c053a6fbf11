/** What goes with a film: a poster, taken here from the film itself, and captions. */
import { announce } from "../announce";
import { element } from "../dom";
import { t } from "../strings";
import { button, showPicture } from "./item";
import { Resumable, type Sent } from "./resumable";

// A first picture is often black.
const POSTER_SECONDS = 1, POSTER_WIDTH = 1280, PATIENCE_MS = 15_000;

export function accompany(item: HTMLElement, form: HTMLFormElement, file: File, sent: Sent, token: string): void {
  const bring = (name: string, companion: File, then: (stored: Sent) => void): void => {
    const done = (stored: Sent): void => {
      item.querySelector(`[name="${name}_${sent.id}"]`)?.remove();
      item.append(element("input", { type: "hidden", name: `${name}_${sent.id}`, value: stored.id }));
      then(stored);
    };
    const failed = (reason: string | null): void => announce(t("upload_failed", { name: companion.name, reason: reason ?? t("upload_network") }));
    new Resumable(companion, form.dataset.uploadUrl!, token, { progress: () => undefined, waiting: () => undefined, done, failed }, { address: null, keep: () => undefined, forget: () => undefined }).start();
  };

  const picker = element("input", { type: "file", accept: ".vtt,text/vtt", hidden: "" });
  const captions = button("captions", t("upload_captions", { name: file.name }));
  captions.addEventListener("click", () => picker.click());
  picker.addEventListener("change", () => {
    const chosen = picker.files?.[0];
    if (chosen) bring("captions", chosen, () => item.querySelector(".upload__name")!.append(element("small", { class: "faint" }, ` ${t("upload_captioned", { name: chosen.name })}`)));
  });
  item.querySelector(".upload__buttons")?.prepend(captions, picker);

  void posterOf(file).then((poster) => poster && bring("poster", poster, (stored) => showPicture(item, `${new URL(stored.url).pathname}?size=320`)));
}

/** A picture of the film, or null where this browser cannot play it. */
async function posterOf(file: File): Promise<File | null> {
  const address = URL.createObjectURL(file), video = element("video", { muted: "", playsinline: "", preload: "auto" });
  try {
    video.muted = true;
    video.src = address;
    await heard(video, "loadeddata");
    if (video.duration > POSTER_SECONDS) {
      video.currentTime = Math.min(POSTER_SECONDS, video.duration / 2);
      await heard(video, "seeked");
    }
    const scale = Math.min(1, POSTER_WIDTH / video.videoWidth);
    const canvas = element("canvas", { width: String(Math.round(video.videoWidth * scale)), height: String(Math.round(video.videoHeight * scale)) });
    canvas.getContext("2d")!.drawImage(video, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/webp", 0.8));
    return blob && new File([blob], `${file.name}.webp`);
  } catch {
    return null;
  } finally {
    video.removeAttribute("src");
    URL.revokeObjectURL(address);
  }
}

function heard(video: HTMLVideoElement, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    video.addEventListener(name, () => resolve(), { once: true });
    video.addEventListener("error", () => reject(new Error(name)), { once: true });
    setTimeout(() => reject(new Error("too slow")), PATIENCE_MS);
  });
}
