// The conversation as the gateway has it: messages by id, a cursor, and who answers now.

const AT_ONCE = 60;

export class Conversation {
  /** `added(messages, { older })` for messages not known before, in order; `changed()` for the rest. */
  constructor(connection, { added, changed }) {
    Object.assign(this, { connection, added, changed });
    this.messages = new Map();
    this.cursor = 0;
    this.state = "bot";
    this.typing = false;
    this.earlier = false;
    this.loaded = false;
  }

  get list() {
    return [...this.messages.values()];
  }

  /** The newest part of the history, or what came after the cursor. */
  async catchUp() {
    const query = this.loaded ? `after=${this.cursor}` : `last=${AT_ONCE}`;
    const { messages, state, earlier } = await this.connection.json(`/api/chat/messages?${query}`);
    if (!this.loaded) this.earlier = earlier;
    this.loaded = true;
    this.#take(messages);
    this.#be({ state });
  }

  /** One more part of the history, before what is known. */
  async loadEarlier() {
    const first = this.list[0].id;
    const query = `before=${first}&last=${AT_ONCE}`;
    const { messages, earlier } = await this.connection.json(`/api/chat/messages?${query}`);
    this.messages = new Map([...messages, ...this.list].map((each) => [each.id, each]));
    this.earlier = earlier;
    this.added(messages, { older: true });
    this.changed();
  }

  /** One of the stream's events. */
  on(event, data) {
    if (event === "message") this.#take([data]);
    if (event === "state") this.#be({ state: data.state });
    if (event === "typing") this.#be({ typing: data.typing });
  }

  #take(messages) {
    const fresh = messages.filter((each) => each.id > this.cursor);
    for (const message of fresh) {
      this.messages.set(message.id, message);
      this.cursor = message.id;
    }
    if (fresh.length) this.added(fresh, { older: false });
  }

  #be(now) {
    if (Object.entries(now).every(([key, value]) => this[key] === value)) return;
    Object.assign(this, now);
    this.changed();
  }
}
