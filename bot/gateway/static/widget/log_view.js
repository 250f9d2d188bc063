// The conversation on screen: the one live region, in the order of the server's ids.
import { h, icon } from "./dom.js";
import { dayKey, nearDay } from "./dates.js";
import { messageView, pendingView, speaker } from "./message_view.js";

const TOGETHER = 5 * 60_000; // messages of one speaker within so long stand together
const NEAR = 80; // pixels from the end that still count as reading along

export class LogView {
  #views = [];
  #pending = new Map();

  /** `does`: see `messageView`, and `earlier()`, `retry(item)`, `remove(item)`, `say(text)`, `writing()`. */
  constructor(texts, does, now) {
    Object.assign(this, { texts, does, now });
    this.top = h("div", { class: "top" });
    this.body = h("div", { class: "body" });
    this.pendings = h("div", { class: "body" });
    this.notices = h("div", { class: "notices" });
    this.ideas = h("div", { class: "ideas" });
    this.typing = h("p", { class: "typing", "aria-hidden": "true", hidden: true });
    this.typing.append(h("span", { class: "dots" }, h("i"), h("i"), h("i")), texts.say("typing"));
    const parts = [this.top, this.body, this.pendings, this.typing, this.ideas, this.notices];
    this.node = h(
      "div",
      { class: "log", role: "log", "aria-live": "off", "aria-label": texts.say("log"), tabindex: "0" },
      ...parts,
    );
    const newer = { type: "button", class: "newer", hidden: true, onclick: () => this.toEnd({ whole: true }) };
    this.newer = h("button", newer, icon("down"), texts.say("newer"));
    this.node.addEventListener("scroll", () => {
      if (this.#atEnd()) this.newer.hidden = true;
    });
  }

  /** From now on what is added is read out. */
  goLive() {
    requestAnimationFrame(() => this.node.setAttribute("aria-live", "polite"));
  }

  add(messages) {
    const along = this.#atEnd() || messages.at(-1).from === "member";
    for (const message of messages) this.#append(message);
    this.refresh();
    if (along) this.toEnd();
    else if (messages.some((each) => each.from !== "member")) this.newer.hidden = false;
  }

  /** Everything anew, with older messages before what was there; the place on screen stays. */
  rebuild(messages) {
    const box = this.#scroller();
    const fromEnd = box.scrollHeight - box.scrollTop;
    const live = this.node.getAttribute("aria-live");
    this.node.setAttribute("aria-live", "off");
    this.body.replaceChildren();
    this.#views = [];
    for (const message of messages) this.#append(message);
    this.refresh();
    box.scrollTop = box.scrollHeight - fromEnd;
    setTimeout(() => this.node.setAttribute("aria-live", live), 100);
  }

  pending(item) {
    const does = { retry: () => this.does.retry(item), remove: () => this.does.remove(item) };
    const node = pendingView(item, this.texts, does);
    const old = this.#pending.get(item);
    this.#pending.set(item, node);
    if (old) this.#replace(old, node);
    else this.pendings.append(node);
    this.refresh();
    if (!old || item.state === "failed") this.toEnd();
  }

  drop(item) {
    this.#pending.get(item)?.remove();
    this.#pending.delete(item);
    this.refresh();
  }

  /** Which choices are open, what was chosen, and whether the last own message has arrived. */
  refresh() {
    const items = [...this.#pending.keys()];
    const waiting = items.find((item) => item.state !== "failed");
    const lastOwn = this.#views.findLastIndex((view) => view.message.from === "member");
    for (const [at, view] of this.#views.entries()) {
      if (!view.choices) continue;
      const answer = this.#views.slice(at + 1).find((each) => each.message.from === "member");
      const open = at > lastOwn && !waiting;
      const pressed = items.find((item) => view.message.choices.some(({ id }) => id === item.choice));
      view.choices.use(open, answer?.message.text ?? pressed?.text);
    }
    for (const mark of this.body.querySelectorAll(".delivered")) mark.remove();
    if (lastOwn >= 0 && lastOwn === this.#views.length - 1) {
      const sent = h("p", { class: "delivery delivered", "aria-live": "off" }, icon("check"), this.texts.say("sent"));
      this.#views[lastOwn].node.append(sent);
    }
  }

  /** A notice at the end, one for each `kind`; null takes it away. */
  notice(kind, text) {
    const old = this.notices.querySelector(`[data-kind="${kind}"]`);
    if (old?.textContent === text) return;
    old?.remove();
    if (!text) return;
    this.notices.append(h("p", { class: "notice", "data-kind": kind }, icon("offline"), h("span", {}, text)));
    this.toEnd();
  }

  showTyping(on) {
    if (this.typing.hidden === !on) return;
    const along = this.#atEnd();
    this.typing.hidden = !on;
    if (along) this.toEnd();
  }

  /** The first contact, above all; the gateway's earlier messages behind a button. */
  showTop(earlier) {
    this.top.replaceChildren();
    if (earlier) {
      const more = { type: "button", class: "quiet earlier", onclick: () => this.does.earlier() };
      this.top.append(h("button", more, this.texts.say("earlier")));
      return;
    }
    const { title, lines } = this.texts.welcome;
    const intro = h("div", { class: "welcome", id: "welcome" });
    intro.append(h("p", { class: "welcome-title" }, title), ...lines.map((line) => h("p", {}, line)));
    this.top.append(intro);
  }

  suggest(suggestions) {
    this.ideas.replaceChildren();
    if (!suggestions.length) return;
    const row = h("div", { class: "pills", role: "group", "aria-label": this.texts.say("suggestions") });
    for (const { title, text } of suggestions) {
      row.append(h("button", { type: "button", class: "choice", onclick: () => this.does.say(text) }, title));
    }
    this.ideas.append(row);
  }

  /** To the end; an answer that is higher than the window is shown from its beginning. */
  toEnd({ whole = false } = {}) {
    this.newer.hidden = true;
    requestAnimationFrame(() => {
      const box = this.#scroller();
      if (box !== this.node && this.does.writing()) return; // the field would be scrolled away
      if (!this.#views.length && !this.#pending.size) {
        box.scrollTop = 0; // the first contact is read from its beginning
        return;
      }
      const last = this.#views.at(-1)?.node;
      const tall = !whole && last && !this.#pending.size && last.offsetHeight > box.clientHeight * 0.9;
      const above = tall ? last.getBoundingClientRect().top - box.getBoundingClientRect().top : NaN;
      box.scrollTop = tall ? box.scrollTop + above : box.scrollHeight;
      this.newer.hidden = !tall;
    });
  }

  viewOf(id) {
    return this.#views.find((view) => view.message.id === id);
  }

  #append(message) {
    const before = this.#views.at(-1)?.message;
    const newDay = !before || dayKey(before.at) !== dayKey(message.at);
    if (newDay) this.body.append(h("p", { class: "day" }, nearDay(message.at, this.now(), this.texts)));
    const view = messageView(message, this.texts, this.does);
    const close = before && Date.parse(message.at) - Date.parse(before.at) < TOGETHER;
    if (!newDay && close && same(before, message, this.texts)) view.node.classList.add("together");
    this.#views.push(view);
    this.body.append(view.node);
  }

  #replace(old, node) {
    const focused = old.contains(old.getRootNode().activeElement);
    old.replaceWith(node);
    if (focused) this.node.focus();
  }

  /** Where there is little height (large zoom) the whole window scrolls, not the log in it. */
  #scroller() {
    const whole = this.node.closest("dialog");
    return whole && getComputedStyle(this.node).overflowY === "visible" ? whole : this.node;
  }

  #atEnd() {
    const box = this.#scroller();
    return box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
  }
}

const same = (one, other, texts) =>
  one.from === other.from && speaker(one, texts).name === speaker(other, texts).name;
