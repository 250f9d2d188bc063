// One message: who, when, text, cards, choices, sources, calendar file, read aloud.
import { h, hidden, icon } from "./dom.js";
import { clock } from "./dates.js";
import { linked } from "./links.js";
import { cardView } from "./card_view.js";
import { choicesView } from "./choices_view.js";

/** Who speaks, as a name and what they are. */
export function speaker(message, texts) {
  if (message.from === "member") return { name: texts.say("you"), role: "" };
  if (message.from === "bot") return { name: texts.say("bot"), role: texts.say("bot_role") };
  if (message.from === "system") return { name: texts.say("system"), role: "" };
  if (!message.name) return { name: texts.say("staff"), role: "" };
  return { name: message.name, role: texts.say("staff_role") };
}

/** `does`: `{ press(choice), calendar(attachment, button), listen(message, button) }`. */
export function messageView(message, texts, does) {
  const node = h("div", { class: `message ${message.from}`, "data-id": message.id });
  const by = byLine(message, texts);
  const bubble = h("div", { class: "bubble" });
  const known = message.from === "member" ? [] : texts.links;
  bubble.append(h("p", { class: "text" }, ...linked(message.text, known)));
  const file = message.attachments[0] ? calendarButton(message.attachments[0], does) : null;
  const cards = message.cards ?? [];
  const booked = cards.find((card) => card.state === "booked");
  for (const card of cards) {
    const proof = card === (booked ?? cards[0]);
    bubble.append(cardView(card, texts, { proof, action: card === booked ? file : null }));
  }
  if (file && !booked) bubble.append(file);
  if (message.sources.length) bubble.append(sources(message.sources, texts));
  node.append(by, bubble);
  if (message.from === "bot" || message.from === "staff") {
    node.append(listenButton(message, texts, does));
  }
  let choices = null;
  if (message.choices.length) {
    choices = choicesView(message, texts, does.press);
    node.append(choices.node);
  }
  return { node, choices, message };
}

function byLine(message, texts) {
  const { name, role } = speaker(message, texts);
  const said = role ? `${name}, ${role}` : name;
  return h(
    "p",
    { class: "by" },
    ["member", "system"].includes(message.from) ? hidden(said) : h("span", { class: "name" }, said),
    " ",
    h("time", { datetime: message.at }, texts.say("clock", { clock: clock(message.at) })),
  );
}

function sources(found, texts) {
  const list = h("ul", { class: "sources", "aria-label": texts.say("sources") });
  for (const { title, section } of found) {
    const own = section === title ? title : `${title}, ${texts.say("section", { section })}`;
    list.append(h("li", {}, `${texts.say("source")}: ${own}`));
  }
  return list;
}

function calendarButton(attachment, does) {
  const button = h("button", { type: "button", class: "quiet calendar" }, icon("calendar"), attachment.title);
  button.addEventListener("click", () => does.calendar(attachment, button));
  return button;
}

function listenButton(message, texts, does) {
  const button = h(
    "button",
    { type: "button", class: "quiet listen", "aria-pressed": "false" },
    icon("listen"),
    h("span", { class: "label" }, texts.say("listen")),
  );
  button.addEventListener("click", () => does.listen(message, button));
  return button;
}

/** The member's own message while it is under way. */
export function pendingView(item, texts, { retry, remove }) {
  const bubble = h("div", { class: "bubble" }, h("p", { class: "text" }, item.text));
  const node = h("div", { class: "message member pending", "data-state": item.state }, bubble);
  node.prepend(h("p", { class: "by" }, hidden(texts.say("you"))));
  const quiet = { class: "delivery", "aria-live": "off" };
  if (item.state === "failed") {
    const problem = [texts.say("failed"), item.problem].filter(Boolean).join(" ");
    node.append(h("p", { class: "problem" }, icon("offline"), h("span", {}, problem)));
    const ways = h("p", { class: "ways" });
    if (!item.final) {
      ways.append(h("button", { type: "button", class: "quiet", onclick: retry }, icon("retry"), texts.say("retry")));
    }
    ways.append(h("button", { type: "button", class: "quiet", onclick: remove }, icon("close"), texts.say("remove")));
    node.append(ways);
  } else if (item.state === "waiting") {
    node.append(h("p", quiet, item.problem || texts.say("waiting")));
  } else {
    node.append(h("p", quiet, texts.say("sending")));
  }
  return node;
}
