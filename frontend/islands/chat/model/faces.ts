/** The same initials and the same colour for a name as the server draws (parvis/foundation/ui/formats.py). */

const HUES = 8;

export function initials(name: string): string {
  const words = name.replaceAll("-", " ").split(/\s+/).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words.length ? [words[0]] : ["?"];
  return letters.map((word) => [...word!][0]).join("").toUpperCase();
}

export function hue(name: string): number {
  return crc32(new TextEncoder().encode(name)) % HUES;
}

function crc32(bytes: Uint8Array): number {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}
