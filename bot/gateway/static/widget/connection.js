// Requests to the gateway with the member's token; a token that has run out is asked for anew.

const ASK_SECONDS = 20;
const ANSWER_SECONDS = 30;

/** No valid token is to be had: the member has to log in again. */
export class SessionOver extends Error {}

/** The gateway said no: `status`, and what it says about it in Danish. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export class Connection {
  #token = null;
  #stale = null;
  #waiting = [];
  #asking = null;

  /** `ask` asks the page for a token; it comes by `setToken`, now or later. */
  constructor(gateway, ask) {
    this.gateway = gateway;
    this.ask = ask;
  }

  setToken(token) {
    if (!token || token === this.#stale) return;
    this.#token = token;
    for (const go of this.#waiting.splice(0)) go(token);
  }

  clear() {
    this.#stale = this.#token = null;
  }

  get hasToken() {
    return this.#token !== null;
  }

  /** A JSON answer. Raises SessionOver, Refused, and TypeError or AbortError without a connection. */
  async json(path, options) {
    const answer = await this.open(path, options);
    return answer.json();
  }

  /** An answer that is fine; once more with a new token where the old one has run out. */
  async open(path, { signal, ...options } = {}) {
    for (let again = false; ; again = true) {
      const token = this.#token ?? (await this.#newToken());
      const headers = { Authorization: `Bearer ${token}`, ...options.headers };
      const limit = signal ?? AbortSignal.timeout(ANSWER_SECONDS * 1000);
      const answer = await fetch(this.gateway + path, { ...options, headers, signal: limit });
      if (answer.ok) return answer;
      if (answer.status !== 401) throw new Refused(answer.status, await said(answer));
      if (this.#token === token) {
        this.#stale = token;
        this.#token = null;
      }
      if (again) throw new SessionOver(await said(answer));
    }
  }

  /** One question to the page, however many wait for it. */
  #newToken() {
    this.#asking ??= this.#asked().finally(() => (this.#asking = null));
    return this.#asking;
  }

  async #asked() {
    let timer;
    const coming = new Promise((resolve, reject) => {
      this.#waiting.push(resolve);
      timer = setTimeout(() => reject(new SessionOver("no token")), ASK_SECONDS * 1000);
    });
    this.ask();
    try {
      return await coming;
    } finally {
      clearTimeout(timer);
    }
  }
}

async function said(answer) {
  try {
    return (await answer.json()).error.message;
  } catch {
    return "";
  }
}
