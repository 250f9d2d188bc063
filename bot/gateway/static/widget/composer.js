// Where the member writes.
import { h, icon } from "./dom.js";

const LONGEST = 4000;
const TELL_FROM = 200; // characters left from which on the number is shown

export class Composer {
  /** `send(text)`; `draft(text)` at each change, to be kept over a reload. */
  constructor(texts, { send, draft }) {
    this.texts = texts;
    this.draft = draft;
    this.field = h("textarea", {
      id: "field", rows: "1", maxlength: LONGEST, autocomplete: "off", enterkeyhint: "send",
      placeholder: texts.say("field"), "aria-label": texts.say("field"),
    });
    this.left = h("p", { class: "left", id: "left", hidden: true });
    const button = h("button", { class: "send", "aria-label": texts.say("send") }, icon("send"));
    this.node = h("form", { class: "composer" }, this.left, h("div", { class: "line" }, this.field, button));
    this.node.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.field.value.trim();
      if (!text) return this.field.focus();
      this.set("");
      send(text);
      this.field.focus();
    });
    this.field.addEventListener("input", () => {
      this.#changed();
      this.node.scrollIntoView({ block: "nearest" }); // an answer may have moved it away meanwhile
    });
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.node.requestSubmit();
    });
  }

  get writing() {
    return this.field.value !== "" && this.field.matches(":focus");
  }

  set(text) {
    this.field.value = text;
    this.#changed();
  }

  /** What a screen reader reads with the field; null: nothing. */
  describe(id) {
    if (id) this.field.setAttribute("aria-describedby", id);
    else this.field.removeAttribute("aria-describedby");
  }

  #changed() {
    const left = LONGEST - this.field.value.length;
    this.left.hidden = left > TELL_FROM;
    this.left.textContent = this.left.hidden ? "" : this.texts.say("left", { count: left });
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight + 2}px`;
    this.draft(this.field.value);
  }
}
