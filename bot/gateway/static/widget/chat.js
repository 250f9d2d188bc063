// One member's chat: what comes from the gateway goes to the screen, what the member does goes out.
import { SessionOver } from "./connection.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { Listening } from "./listening.js";
import { LogView } from "./log_view.js";
import { Menu } from "./menu.js";
import { Outbox } from "./outbox.js";
import { Panel } from "./panel.js";
import { Speech } from "./speech.js";
import { download, print, save } from "./saving.js";

const QUIET_HOURS = 6; // after so long suggestions are of use again
const LOST_AFTER = 2500; // a shorter break is not worth a word

export class Chat {
  #offset = 0; // the server's clock against ours, in milliseconds
  #suggestions = [];
  #lost = null;
  #live = false;

  /** `tell(name, detail)` tells the page. */
  constructor(connection, texts, memory, tell) {
    Object.assign(this, { connection, texts, memory, tell });
    this.speech = new Speech((id) => this.#reading(id));
    this.conversation = new Conversation(connection, {
      added: (messages, { older }) => this.#added(messages, older),
      changed: () => this.#changed(),
    });
    this.log = new LogView(texts, this.#does(), () => this.now());
    this.outbox = new Outbox(connection, memory, {
      changed: (item) => this.log.pending(item),
      gone: (item) => this.log.drop(item),
      answered: () => this.conversation.catchUp(),
      over: () => this.#status("over"),
    });
    this.composer = new Composer(texts, {
      send: (text) => this.say(text),
      draft: (text) => memory.set("draft", text || null),
    });
    const content = [this.log.node, this.log.newer, this.composer.node];
    this.panel = new Panel(texts, this.#menu(), content, (open, byMember) => this.#moved(open, byMember));
    this.listening = new Listening(
      connection,
      () => this.conversation.cursor,
      (event, data) => this.conversation.on(event, data),
      (status) => this.#status(status),
    );
    this.offline = () => this.#status("lost");
    this.nodes = [this.panel.dialog, this.panel.launcher];
  }

  now() {
    return Date.now() + this.#offset;
  }

  async start() {
    window.addEventListener("offline", this.offline);
    this.panel.speaks("bot");
    this.log.showTop(false);
    this.composer.set(this.memory.get("draft") ?? "");
    this.outbox.restore();
    if (this.memory.get("open")) this.panel.show(true, false);
    this.#welcome();
    await this.#load();
    this.log.goLive();
  }

  /** A new token has come. */
  resume() {
    this.log.notice("connection", null);
    this.outbox.again();
    this.listening.again();
    if (!this.conversation.loaded) this.#load();
  }

  say(text, choice) {
    this.log.suggest([]);
    this.speech.stop();
    this.outbox.send(text, choice);
    this.#listen();
  }

  suggest(text) {
    this.panel.show(true, true);
    this.composer.set(text);
    this.composer.field.focus();
  }

  stop() {
    window.removeEventListener("offline", this.offline);
    clearTimeout(this.#lost);
    this.listening.stop();
    this.outbox.stop();
    this.speech.stop();
  }

  forget() {
    this.stop();
    this.memory.forget();
  }

  async #load() {
    try {
      await this.conversation.catchUp();
    } catch (error) {
      this.#status(error instanceof SessionOver ? "over" : "lost");
    }
    this.#changed();
    if (this.panel.open || this.conversation.cursor) this.#listen();
  }

  #listen() {
    this.listening.start();
  }

  async #welcome() {
    try {
      const { now, suggestions } = await this.connection.json("/api/chat/welcome");
      this.#offset = Date.parse(now) - Date.now();
      this.#suggestions = suggestions;
      this.#offer();
    } catch {
      return; // without suggestions the chat is as good
    }
  }

  /** Suggestions where nothing is under way. */
  #offer() {
    const said = this.conversation.list.findLast((message) => message.from !== "system"); // notices are none
    const quiet = !said || this.now() - Date.parse(said.at) > QUIET_HOURS * 3_600_000;
    const free = this.conversation.loaded && quiet && !this.outbox.items.length && this.conversation.state === "bot";
    this.log.suggest(free ? this.#suggestions : []);
    this.composer.describe(said ? null : "welcome");
  }

  #added(messages, older) {
    if (older) {
      this.log.rebuild(this.conversation.list);
      return;
    }
    this.log.add(messages);
    for (const message of messages) if (message.client_id) this.outbox.stored(message.client_id);
    this.#offer();
    this.#readAloud(messages);
    this.#speaker();
    this.#count();
    for (const { id, from } of messages) this.tell("message", { id, from });
  }

  #changed() {
    this.#speaker();
    this.log.showTyping(this.conversation.typing);
    this.log.showTop(this.conversation.earlier);
    this.#offer();
    this.#count();
  }

  #speaker() {
    const { state, list } = this.conversation;
    const staff = state === "staff" ? list.findLast((message) => message.from === "staff") : null;
    this.panel.speaks(state, staff?.name);
  }

  #moved(open, byMember) {
    this.memory.set("open", open ? "1" : null);
    if (open) {
      this.#listen();
      this.log.toEnd();
      if (byMember) this.composer.field.focus();
    } else {
      this.speech.stop();
    }
    this.#count();
    this.tell(open ? "open" : "close");
  }

  /** Unread are others' messages that came while the window was closed, on this device or another. */
  #count() {
    const { list, cursor, loaded } = this.conversation;
    if (!loaded) return;
    if (this.panel.open) this.memory.set("seen", String(cursor), "browser");
    const seen = Number(this.memory.get("seen", "browser") ?? NaN);
    const own = list.findLastIndex((message) => message.from === "member");
    const unread = Number.isNaN(seen)
      ? list.slice(own + 1).filter((message) => message.from === "staff")
      : list.filter((message) => message.id > seen && message.from !== "member");
    this.panel.unread(unread.length);
    this.tell("unread", { count: unread.length });
  }

  #status(status) {
    clearTimeout(this.#lost);
    if (status === "live") {
      if (this.#live === false) this.outbox.again();
      this.#live = true;
      this.log.notice("connection", null);
      return;
    }
    this.#live = false;
    const text = status === "over" ? "session_over" : navigator.onLine ? "unreachable" : "offline";
    const show = () => this.log.notice("connection", this.texts.say(text));
    if (status === "over" || !navigator.onLine) show();
    else this.#lost = setTimeout(show, LOST_AFTER);
  }

  #does() {
    return {
      press: (choice) => this.say(choice.title, choice.id),
      say: (text) => {
        this.say(text);
        this.composer.field.focus();
      },
      calendar: (attachment) => this.#calendar(attachment),
      listen: (message, button) => this.#listenTo(message, button),
      writing: () => this.composer.writing,
      retry: (item) => this.outbox.retry(item),
      remove: (item) => {
        this.outbox.remove(item);
        this.composer.field.focus();
      },
      earlier: async () => {
        await this.conversation.loadEarlier();
        this.log.node.focus();
      },
    };
  }

  #menu() {
    const { texts } = this;
    const paper = (make) => () => make(this.conversation.list, texts, this.now());
    return new Menu(texts, [
      { label: texts.say("person"), icon: "person", does: () => this.say(texts.say("person_say")) },
      { label: texts.say("listen_always"), icon: "listen", on: this.#always(), does: (on) => this.#setAlways(on) },
      {
        label: texts.say("print"), icon: "receipt",
        does: () => this.log.notice("print", paper(print)() ? null : texts.say("print_blocked")),
      },
      { label: texts.say("save"), icon: "down", does: paper(save) },
    ]);
  }

  async #calendar(attachment) {
    try {
      const answer = await this.connection.open(attachment.url);
      download(await answer.blob(), "moede.ics");
      this.log.notice("calendar", null);
    } catch {
      this.log.notice("calendar", this.texts.say("calendar_failed"));
    }
  }

  async #listenTo(message, button) {
    if (button.getAttribute("aria-pressed") === "true") return this.speech.stop();
    const read = await this.speech.read(message.id, message.spoken ?? message.text);
    this.log.notice("voice", read ? null : this.texts.say("no_voice"));
    return null;
  }

  #always() {
    return this.memory.get("aloud", "browser") === "1";
  }

  /** Whether new answers are read out from now on: only where a voice is there. */
  async #setAlways(on) {
    const can = !on || (await this.speech.voice()) !== null;
    this.log.notice("voice", can ? null : this.texts.say("no_voice"));
    this.memory.set("aloud", on && can ? "1" : null, "browser");
    if (!on) this.speech.stop();
    return on && can;
  }

  #readAloud(messages) {
    if (!this.#live || !this.panel.open || !this.#always()) return;
    const said = messages.filter((message) => message.from !== "member");
    if (!said.length) return;
    this.speech.read(said.at(-1).id, said.map((message) => message.spoken ?? message.text).join(" "));
  }

  #reading(id) {
    for (const button of this.log.node.querySelectorAll(".listen")) {
      const now = id !== null && button === this.log.viewOf(id)?.node.querySelector(".listen");
      button.setAttribute("aria-pressed", String(now));
      button.querySelector(".label").textContent = this.texts.say(now ? "listen_stop" : "listen");
    }
  }
}
