// The frame: a launcher with the number of unread messages, and the window that it opens.
import { h, hidden, icon } from "./dom.js";

const NARROW = "(max-width: 34em), (max-height: 30em)"; // then the window is the whole screen, and modal

export class Panel {
  /** `moved(open, byMember)` after each opening and closing. */
  constructor(texts, menu, content, moved) {
    Object.assign(this, { texts, menu, moved });
    this.narrow = matchMedia(NARROW);
    this.badge = h("span", { class: "badge", hidden: true, "aria-hidden": "true" });
    this.unreadText = hidden("");
    this.launcher = h(
      "button",
      { type: "button", class: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false" },
      icon("chat"),
      h("span", { class: "launcher-text" }, texts.say("open")),
      this.badge,
      this.unreadText,
    );
    this.launcher.addEventListener("click", () => this.show(!this.dialog.open, true));
    this.who = h("p", { class: "who" });
    const close = { type: "button", class: "head-button", "aria-label": texts.say("close"), title: texts.say("close") };
    this.close = h("button", { ...close, onclick: () => this.show(false, true) }, icon("close"));
    this.dialog = h(
      "dialog",
      { class: "panel", "aria-labelledby": "title" },
      h(
        "div",
        { class: "head" },
        h("div", { class: "face", "aria-hidden": "true" }, icon("calendar")),
        h("div", { class: "names" }, h("h2", { id: "title" }, texts.say("title")), this.who),
        menu.button,
        this.close,
      ),
      menu.list,
      ...content,
    );
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault(); // Esc in a modal window: our own way out gives the focus back
      this.#escape();
    });
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      this.#escape();
    });
    this.narrow.addEventListener("change", () => this.#again());
  }

  get open() {
    return this.dialog.open;
  }

  /** `byMember`: the focus goes along; an opening that is only remembered leaves it where it is. */
  show(open, byMember) {
    if (open === this.dialog.open) return;
    if (open) this.#unfold(byMember);
    else this.dialog.close();
    this.launcher.setAttribute("aria-expanded", String(open));
    this.launcher.classList.toggle("is-open", open);
    this.moved(open, byMember);
    if (!open && byMember) this.launcher.focus();
  }

  unread(count) {
    const one = count === 1 ? "unread_one" : "unread";
    this.badge.hidden = !count;
    this.badge.textContent = count > 9 ? "9+" : String(count);
    this.unreadText.textContent = count ? `. ${this.texts.say(one, { count })}` : "";
  }

  speaks(state, name) {
    this.dialog.dataset.state = state;
    const named = state === "staff" && name;
    this.who.textContent = named ? this.texts.say("state_staff_named", { name }) : this.texts.say(`state_${state}`);
  }

  #unfold(byMember) {
    const before = document.activeElement;
    if (this.narrow.matches && byMember) this.dialog.showModal();
    else this.dialog.show();
    if (!byMember && before instanceof HTMLElement && before !== document.body) before.focus();
    else if (!byMember) this.dialog.getRootNode().activeElement?.blur();
  }

  /** Turned, zoomed or made smaller while open: the other kind of window, the focus where it was. */
  #again() {
    if (!this.dialog.open) return;
    const focused = this.dialog.getRootNode().activeElement;
    this.dialog.close();
    this.#unfold(true);
    focused?.focus();
  }

  #escape() {
    if (this.menu.open) this.menu.leave();
    else this.show(false, true);
  }
}
