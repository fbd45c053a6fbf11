import { behavior } from "../behavior";

/** UUIDv7: sorts by time, so that it fits the server's indexes. */
export function uuid7(now = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = now;
  for (let at = 5; at >= 0; at -= 1) {
    bytes[at] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

// The form keeps its id until it was accepted: a retry after a cut creates nothing twice.
behavior("input[data-uuid]", (element) => {
  const field = element as HTMLInputElement;
  if (!field.value) field.value = uuid7();
});
