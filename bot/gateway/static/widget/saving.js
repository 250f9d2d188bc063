// The conversation on paper or as a file, made in the browser from what is on screen.
import { h } from "./dom.js";
import { clock, longDay } from "./dates.js";
import { speaker } from "./message_view.js";

const SHEET = `
  body { font: 11pt/1.45 system-ui, sans-serif; margin: 2cm; color: #000; background: #fff; }
  h1 { font-size: 15pt; } .by { margin: 1em 0 0; font-weight: 600; } .text { margin: 0; white-space: pre-wrap; }
  .more { margin: 0; color: #444; } article { break-inside: avoid; }`;

/** Opens a page of its own and prints it; false where the browser does not let us. */
export function print(messages, texts, now) {
  const page = window.open("", "_blank", "width=720,height=900");
  if (!page) return false;
  const sheet = new page.CSSStyleSheet();
  sheet.replaceSync(SHEET);
  page.document.adoptedStyleSheets = [sheet];
  page.document.documentElement.lang = "da";
  page.document.title = texts.say("saved_title");
  page.document.body.append(h("h1", {}, texts.say("saved_title")), h("p", {}, saved(texts, now)));
  for (const message of messages) {
    const { by, text, more } = lines(message, texts);
    const rest = more.map((line) => h("p", { class: "more" }, line));
    page.document.body.append(
      h("article", {}, h("p", { class: "by" }, by), h("p", { class: "text" }, text), ...rest),
    );
  }
  page.focus();
  page.print();
  return true;
}

/** A text file, as a download. */
export function save(messages, texts, now) {
  const said = messages.map((message) => {
    const { by, text, more } = lines(message, texts);
    return [by, text, ...more].join("\r\n");
  });
  const head = `${texts.say("saved_title")}\r\n${saved(texts, now)}`;
  const file = new Blob(["\ufeff", [head, ...said].join("\r\n\r\n"), "\r\n"], { type: "text/plain" });
  download(file, `${texts.say("saved_as")}.txt`);
}

export function download(file, name) {
  const address = URL.createObjectURL(file);
  const link = h("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

const when = (instant, texts) => `${longDay(instant)} ${texts.say("clock", { clock: clock(instant) })}`;
const saved = (texts, now) => texts.say("saved_at", { when: when(now, texts) });

function lines(message, texts) {
  const { name, role } = speaker(message, texts);
  const sources = message.sources.map((each) => `${texts.say("source")}: ${each.title}, ${each.section}`);
  return {
    by: `${role ? `${name}, ${role}` : name}, ${when(message.at, texts)}`,
    text: message.text,
    more: sources,
  };
}
