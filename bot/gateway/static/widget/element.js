// <moedeklar-chat>: the chat on a page of the a-kasse. How to embed it: docs/widget.md.
import { Connection } from "./connection.js";
import { Chat } from "./chat.js";
import { Memory, subject } from "./memory.js";
import { loadTexts } from "./texts.js";

const HERE = new URL(import.meta.url);
const LOAD_AGAIN = [1000, 3000, 10_000, 30_000];

export class MoedeklarChat extends HTMLElement {
  #connection = null;
  #chat = null;
  #who = null;
  #starting = null;
  #wish = null; // what the page asked for before the chat was there

  connectedCallback() {
    if (this.#starting) return;
    const early = Object.hasOwn(this, "token") ? this.token : null;
    if (early) delete this.token; // set before this script was there
    const gateway = this.getAttribute("gateway") ?? HERE.origin;
    this.#connection = new Connection(gateway.replace(/\/$/, ""), () => this.#askForToken());
    this.attachShadow({ mode: "open" });
    if (!this.lang) this.lang = "da";
    this.#starting = this.#start();
    if (early) this.token = early;
    else this.#askForToken();
  }

  disconnectedCallback() {
    this.#chat?.stop();
  }

  /** The member's token. A new one goes on with the conversation; another member's begins anew. */
  set token(token) {
    if (!token || !this.#connection) return;
    const who = subject(token);
    if (this.#who && this.#who !== who) this.logout();
    this.#who = who;
    this.#connection.setToken(token);
    this.#begin();
  }

  get isOpen() {
    return this.#chat?.panel.open ?? false;
  }

  open() {
    this.#ask((chat) => chat.panel.show(true, true));
  }

  close() {
    this.#ask((chat) => chat.panel.show(false, true));
  }

  /** Opens with a text in the field; the member sends it, or not. */
  suggest(text) {
    this.#ask((chat) => chat.suggest(text));
  }

  /** Ends the member's session here: nothing of it stays on the page or in the browser. */
  logout() {
    this.#chat?.forget();
    this.#chat = null;
    this.#who = null;
    this.#connection?.clear();
    this.shadowRoot?.replaceChildren();
  }

  #ask(wish) {
    if (this.#chat) wish(this.#chat);
    else this.#wish = wish;
  }

  async #start() {
    for (const pause of [...LOAD_AGAIN, null]) {
      try {
        const [texts, style] = await Promise.all([loadTexts(this.#connection.gateway), sheet()]);
        this.shadowRoot.adoptedStyleSheets = [style];
        return texts;
      } catch (error) {
        if (pause === null) throw error;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
    return null;
  }

  async #begin() {
    const who = this.#who;
    const texts = await this.#starting;
    if (this.#chat || this.#who !== who) return this.#chat?.resume();
    const tell = (name, detail) => this.dispatchEvent(new CustomEvent(`moedeklar-${name}`, { detail }));
    this.#chat = new Chat(this.#connection, texts, new Memory(who), tell);
    this.shadowRoot.replaceChildren(...this.#chat.nodes);
    this.#chat.start();
    this.#wish?.(this.#chat);
    this.#wish = null;
    return null;
  }

  /** The page answers with `detail.renew(token or a promise of one)`, or later by the property. */
  #askForToken() {
    const renew = async (coming) => (this.token = await coming);
    this.dispatchEvent(new CustomEvent("moedeklar-token", { bubbles: true, composed: true, detail: { renew } }));
  }
}

async function sheet() {
  const answer = await fetch(new URL("chat.css", HERE));
  if (!answer.ok) throw new Error(`style: ${answer.status}`);
  const style = new CSSStyleSheet();
  style.replaceSync(await answer.text());
  return style;
}
