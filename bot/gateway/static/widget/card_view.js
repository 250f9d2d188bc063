// A meeting as a card: date tile, what and when, where, with whom, the receipt and the calendar file.
import { h, hidden, icon } from "./dom.js";
import { clock, longDay, tile } from "./dates.js";

/** `proof`: the receipt is shown here; `action`: a button under it. A meeting that ends is shown briefly. */
export function cardView(card, texts, { proof, action }) {
  const ends = card.state === "to_cancel" || card.state === "cancelled";
  const { weekday, day, month } = tile(card.start);
  const state = texts.say(`card_${card.state}`);
  const at = `${clock(card.start)}–${clock(card.end)}`;
  const place = card.format === "digital" ? texts.say("digital") : card.place ?? texts.say("in_person");
  return h(
    "div",
    { class: `card card-${card.state}`, role: "group", "aria-label": `${state}: ${card.title}` },
    h(
      "div",
      { class: "tile", "aria-hidden": "true" },
      h("span", { class: "tile-weekday" }, weekday),
      h("span", { class: "tile-day" }, day),
      h("span", { class: "tile-month" }, month),
    ),
    h(
      "div",
      { class: "card-body" },
      h("p", { class: "card-state" }, state),
      h("p", { class: "card-title" }, card.title),
      h("p", { class: "card-when" }, hidden(`${longDay(card.start)} `), texts.say("clock", { clock: at })),
      ends ? null : line(card.format === "digital" ? "screen" : "place", place),
      card.adviser && !ends ? line("person", texts.say("with", { adviser: card.adviser })) : null,
      card.owner === "jobcenter" ? h("p", { class: "card-owner" }, texts.say("card_jobcenter")) : null,
      card.receipt && proof ? line("receipt", texts.say("receipt"), h("span", { class: "number" }, card.receipt)) : null,
      action ?? null,
    ),
  );
}

function line(name, text, more) {
  return h("p", { class: "card-line" }, icon(name), h("span", {}, text, ...(more ? [" ", more] : [])));
}
