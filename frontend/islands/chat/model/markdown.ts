/** How a message looks until the server has rendered it: the commonest marks, and nothing that is not escaped. */

const BLOCK = /```(\w*)\n?([\s\S]*?)(?:```|$)/g;

export function sketch(body: string): string {
  const blocks: string[] = [];
  const text = body.replace(BLOCK, (_, __, code: string) => `\u0000${blocks.push(`<pre><code>${escaped(code)}</code></pre>`) - 1}\u0000`);
  return text.split(/\n{2,}/).map((part) => part.trim()).filter(Boolean).map((part) => paragraph(part, blocks)).join("");
}

function paragraph(part: string, blocks: string[]): string {
  const alone = /^\u0000(\d+)\u0000$/.exec(part);
  if (alone) return blocks[Number(alone[1])]!;
  if (/^(?:&gt;|>) ?/.test(part)) return `<blockquote><p>${inline(part.replace(/^> ?/gm, ""))}</p></blockquote>`;
  if (part.split("\n").every((line) => /^[-*] /.test(line))) return `<ul>${part.split("\n").map((line) => `<li>${inline(line.slice(2))}</li>`).join("")}</ul>`;
  return `<p>${inline(part)}</p>`.replace(/\u0000(\d+)\u0000/g, (_, at: string) => `</p>${blocks[Number(at)]}<p>`);
}

function inline(text: string): string {
  return escaped(text)
    .replace(/`([^`\n]+)`/g, "<code>$1</code>")
    .replace(/\*\*([^*\n]+)\*\*/g, "<strong>$1</strong>")
    .replace(/(^|[\s(])[*_]([^*_\n]+)[*_](?=$|[\s).,!?;:])/g, "$1<em>$2</em>")
    .replace(/@\[([^\]\n]+)\]\([a-z]+:[0-9a-f-]+\)/g, '<span class="mention">@$1</span>')
    .replace(/\[([^\]\n]+)\]\((https?:\/\/[^)\s]+)\)/g, '<a href="$2" rel="nofollow ugc noopener">$1</a>')
    .replace(/\n/g, "<br>");
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
