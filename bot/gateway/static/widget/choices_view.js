// Choices under an answer: buttons that stay to be read, and do nothing once one of them was taken.
import { h, hidden, icon } from "./dom.js";
import { clock, dayKey, longDay } from "./dates.js";

/** `{ node, use(open, chosenTitle) }`; `press(choice)` is called for an open one, once. */
export function choicesView(message, texts, press) {
  const buttons = new Map();
  let open = false;
  const button = (choice, label, name) => {
    const made = h("button", { type: "button", class: "choice", "aria-label": name }, label);
    made.addEventListener("click", () => {
      if (!open) return;
      open = false;
      press(choice);
    });
    buttons.set(choice, made);
    return made;
  };
  const times = message.times ?? {};
  const timed = message.choices.filter((choice) => times[choice.id]);
  const others = message.choices.filter((choice) => !times[choice.id]);
  const node = h("div", { class: "choices" });
  for (const [, choices] of byDay(timed, times)) {
    const day = longDay(times[choices[0].id]);
    const group = h("div", { class: "day-times", role: "group", "aria-label": `${texts.say("times")} ${day}` });
    group.append(h("p", { class: "day-name", "aria-hidden": "true" }, day));
    for (const choice of choices) {
      const at = texts.say("clock", { clock: clock(times[choice.id]) });
      group.append(button(choice, at, `${day} ${at}`));
    }
    node.append(group);
  }
  if (others.length) {
    const group = h("div", { class: "pills", role: "group", "aria-label": texts.say("choices") });
    for (const choice of others) group.append(button(choice, choice.title));
    node.append(group);
  }
  return {
    node,
    use(isOpen, chosen) {
      open = isOpen;
      node.classList.toggle("over", !isOpen);
      for (const [choice, made] of buttons) {
        made.toggleAttribute("aria-disabled", false);
        if (!isOpen) made.setAttribute("aria-disabled", "true");
        mark(made, choice.title === chosen, texts);
      }
    },
  };
}

function mark(button, chosen, texts) {
  if (button.classList.contains("chosen") === chosen) return;
  button.classList.toggle("chosen", chosen);
  if (!chosen) {
    button.querySelector(".tick").remove();
    return;
  }
  button.append(h("span", { class: "tick" }, icon("check"), hidden(` (${texts.say("chosen")})`)));
  const name = button.getAttribute("aria-label");
  if (name) button.setAttribute("aria-label", `${name} (${texts.say("chosen")})`);
}

function byDay(choices, times) {
  const days = new Map();
  for (const choice of choices) {
    const key = dayKey(times[choice.id]);
    days.set(key, [...(days.get(key) ?? []), choice]);
  }
  return days;
}
