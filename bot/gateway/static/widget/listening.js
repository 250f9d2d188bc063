// Live events: one stream, opened again from the cursor whenever it ends, at once when the network is back.
import { events } from "./event_stream.js";
import { SessionOver } from "./connection.js";

const SILENCE_SECONDS = 40; // the gateway gives a sign every 15
const LONGEST_PAUSE = 15_000;

export class Listening {
  #stop = null;
  #wake = () => {};

  /** `on(event, data)` for each event; `status("live" | "lost" | "over")` for the connection itself. */
  constructor(connection, cursor, on, status) {
    Object.assign(this, { connection, cursor, on, status });
    this.again = () => this.#wake();
  }

  get running() {
    return this.#stop !== null;
  }

  start() {
    if (this.running) return;
    this.#stop = new AbortController();
    window.addEventListener("online", this.again);
    document.addEventListener("visibilitychange", this.again);
    this.#run(this.#stop.signal);
  }

  stop() {
    window.removeEventListener("online", this.again);
    document.removeEventListener("visibilitychange", this.again);
    this.#stop?.abort();
    this.#stop = null;
    this.#wake();
  }

  async #run(stopped) {
    let pause = 500;
    while (!stopped.aborted) {
      try {
        await this.#listen(stopped, () => (pause = 500));
      } catch (error) {
        if (stopped.aborted) return;
        this.status(error instanceof SessionOver ? "over" : "lost");
        if (error instanceof SessionOver) pause = LONGEST_PAUSE;
      }
      await new Promise((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, pause * (0.75 + Math.random() / 2));
      });
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }

  async #listen(stopped, fine) {
    const silent = new AbortController();
    const stop = () => silent.abort();
    stopped.addEventListener("abort", stop);
    window.addEventListener("offline", stop); // a cut network may leave a stream that never ends
    let timer;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(stop, SILENCE_SECONDS * 1000);
    };
    try {
      alive();
      const path = `/api/chat/events?after=${this.cursor()}`;
      const answer = await this.connection.open(path, { signal: silent.signal });
      for await (const { event, data } of events(answer.body, alive)) {
        fine();
        this.status("live");
        this.on(event, data);
      }
    } finally {
      clearTimeout(timer);
      stopped.removeEventListener("abort", stop);
      window.removeEventListener("offline", stop);
    }
  }
}
