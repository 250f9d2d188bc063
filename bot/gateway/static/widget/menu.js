// Settings and what else can be done with the conversation, behind one button.
import { h, icon } from "./dom.js";

export class Menu {
  /** `entries`: `[{ label, icon, does }]`, a switch has `on` too: whether it is on. */
  constructor(texts, entries) {
    this.list = h("div", { class: "menu", id: "menu", hidden: true });
    for (const entry of entries) this.list.append(this.#entry(entry));
    this.button = h(
      "button",
      {
        type: "button", class: "head-button", "aria-expanded": "false", "aria-controls": "menu",
        "aria-label": texts.say("menu"), title: texts.say("menu"),
      },
      icon("menu"),
    );
    this.button.addEventListener("click", () => this.show(this.list.hidden));
    this.list.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && !this.list.contains(relatedTarget) && relatedTarget !== this.button) this.show(false);
    });
  }

  get open() {
    return !this.list.hidden;
  }

  show(open) {
    this.list.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
  }

  /** Closed by Esc: back to its button. */
  leave() {
    this.show(false);
    this.button.focus();
  }

  #entry({ label, icon: name, does, on }) {
    const button = h("button", { type: "button", class: "menu-entry" }, icon(name), h("span", {}, label));
    if (on === undefined) {
      button.addEventListener("click", () => {
        this.leave();
        does();
      });
      return button;
    }
    button.setAttribute("role", "switch");
    button.setAttribute("aria-checked", String(on));
    button.append(h("span", { class: "switch", "aria-hidden": "true" }));
    button.addEventListener("click", async () => {
      const now = await does(button.getAttribute("aria-checked") !== "true");
      button.setAttribute("aria-checked", String(now));
    });
    return button;
  }
}
