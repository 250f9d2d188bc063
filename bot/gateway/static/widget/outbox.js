// The member's own messages until the gateway has them: kept over a reload, sent in order, tried again
// under the same client_id, so that no message is lost and none is doubled.
import { Refused, SessionOver } from "./connection.js";

const LONGEST_PAUSE = 15_000;
const AT_LIMIT_PAUSE = 3000;
const TRIES_AT_ERROR = 4;

/** An item: `{client_id, text, choice?, state: "sending" | "waiting" | "sent" | "failed", problem?}`. */
export class Outbox {
  #busy = false;
  #wake = () => {};
  #leaving = new WeakMap(); // who waits for an item to leave

  /**
   * `changed(item)` at each new state, `gone(item)` when it left; `answered()` after each answer;
   * `over()` when the member has to log in again.
   */
  constructor(connection, memory, { changed, gone, answered, over }) {
    Object.assign(this, { connection, memory, changed, gone, answered, over });
    this.items = [];
    this.again = () => this.#wake();
    window.addEventListener("online", this.again);
  }

  /** What an earlier page of this tab had not got through. */
  restore() {
    try {
      this.items = JSON.parse(this.memory.get("outbox") ?? "[]");
    } catch {
      this.items = [];
    }
    for (const item of this.items) {
      if (item.state !== "failed") item.state = "waiting";
      this.changed(item);
    }
    this.#work();
  }

  send(text, choice) {
    const item = { client_id: crypto.randomUUID(), text, state: "sending" };
    if (choice) item.choice = choice;
    this.items.push(item);
    this.#tell(item);
    this.#work();
    return item;
  }

  retry(item) {
    item.state = "waiting";
    delete item.problem;
    this.#tell(item);
    this.#work();
  }

  remove(item) {
    this.items = this.items.filter((each) => each !== item);
    this.#keep();
    this.gone(item);
    this.#leaving.get(item)?.();
    this.#wake();
  }

  /** The gateway has this message: it has come back in the history. */
  stored(clientId) {
    const item = this.items.find((each) => each.client_id === clientId);
    if (item) this.remove(item);
    return item;
  }

  stop() {
    window.removeEventListener("online", this.again);
    this.items = [];
    this.#wake();
  }

  async #work() {
    if (this.#busy) {
      this.#wake();
      return;
    }
    this.#busy = true;
    for (let item; (item = this.items.find((each) => each.state !== "failed")); ) {
      await this.#deliver(item);
    }
    this.#busy = false;
  }

  /** Ends when the message is stored, refused or removed. */
  async #deliver(item) {
    const here = () => this.items.includes(item);
    for (let tries = 1; here() && item.state !== "failed"; tries += 1) {
      let pause;
      try {
        if (item.state !== "sent") this.#become(item, "sending");
        const answer = this.#post(item).then(() => this.answered());
        await Promise.race([answer, this.#stored(item)]);
        answer.catch(() => {}); // stored meanwhile: what becomes of the answer is the stream's matter
        if (!here()) return;
        this.#become(item, "sent"); // answered, and on its way back to us
        pause = LONGEST_PAUSE;
      } catch (error) {
        if (!here()) return;
        pause = this.#after(error, item, tries);
      }
      if (pause) await this.#pause(pause);
    }
  }

  #post({ client_id, text, choice }) {
    return this.connection.json("/api/chat/messages", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(choice ? { client_id, choice } : { client_id, text }),
    });
  }

  /** What a failure means: the pause before the next try, 0 where there is none. */
  #after(error, item, tries) {
    const wait = Math.min(1000 * 2 ** (tries - 1), LONGEST_PAUSE);
    if (error instanceof SessionOver) {
      this.over();
      return this.#waits(item, LONGEST_PAUSE);
    }
    if (!(error instanceof Refused)) return this.#waits(item, wait);
    if (error.status === 429) return this.#waits(item, AT_LIMIT_PAUSE, error.message);
    if (error.status >= 500 && tries < TRIES_AT_ERROR) return this.#waits(item, wait);
    item.problem = error.message;
    item.final = error.status < 500;
    this.#become(item, "failed");
    return 0;
  }

  #waits(item, pause, problem) {
    item.problem = problem;
    this.#become(item, "waiting");
    return pause;
  }

  #stored(item) {
    return new Promise((resolve) => this.#leaving.set(item, resolve));
  }

  #pause(milliseconds) {
    return new Promise((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, milliseconds);
    });
  }

  #become(item, state) {
    if (item.state === state && !item.problem) return;
    item.state = state;
    this.#tell(item);
  }

  #tell(item) {
    this.#keep();
    this.changed(item);
  }

  #keep() {
    const open = this.items.filter((each) => !each.final);
    this.memory.set("outbox", open.length ? JSON.stringify(open) : null);
  }
}
