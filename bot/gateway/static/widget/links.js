// Links in messages: from the gateway's fixed list and from nowhere else.
import { h } from "./dom.js";

const SAFE = /^(https:\/\/|tel:)/;

/** The text as nodes: what is in the list becomes a link, all else stays text. */
export function linked(text, links) {
  const nodes = [];
  let rest = text;
  for (;;) {
    const next = first(rest, links);
    if (!next) return [...nodes, rest];
    nodes.push(rest.slice(0, next.at), anchor(next.link));
    rest = rest.slice(next.at + next.link.text.length);
  }
}

function first(text, links) {
  let found = null;
  for (const link of links) {
    const at = place(text, link.text);
    if (at >= 0 && SAFE.test(link.address) && (!found || at < found.at)) found = { at, link };
  }
  return found;
}

/** Where it stands as a word of its own. */
function place(text, word) {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const before = text[at - 1] ?? " ";
    const after = text.slice(at + word.length, at + word.length + 2);
    if (!/[\p{L}\p{N}@./-]/u.test(before) && !/^[\p{L}\p{N}@/-]|^\.[\p{L}\p{N}]/u.test(after)) return at;
  }
  return -1;
}

function anchor({ text, address }) {
  const away = address.startsWith("https:");
  return h("a", { href: address, ...(away && { target: "_blank", rel: "noopener noreferrer" }) }, text);
}
