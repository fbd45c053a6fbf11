import { announce } from "../announce";
import { t } from "../strings";
import { showToast } from "./toast";

function tell(): void {
  const banner = document.getElementById("offline-banner");
  if (!banner) return;
  const wasOffline = !banner.hidden;
  banner.hidden = navigator.onLine;
  banner.querySelector("p")!.textContent = t("offline");
  if (wasOffline && navigator.onLine) announce(t("online"));
}

addEventListener("online", tell);
addEventListener("offline", tell);
if (!navigator.onLine) tell();

// Answers that htmx does not show: faults of the server, and no answer at all.
document.addEventListener("htmx:error", (event) => {
  const error = (event as CustomEvent).detail?.error as Error | undefined;
  if (error?.name !== "AbortError") showToast(t(navigator.onLine ? "error" : "offline"), "danger");
});
document.addEventListener("htmx:response:error", (event) => {
  const status = (event as CustomEvent).detail?.ctx?.response?.status as number | undefined;
  if (status && status >= 500) showToast(t("error"), "danger");
});
