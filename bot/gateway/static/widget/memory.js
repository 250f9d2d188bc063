// What the browser remembers for a member. Kept apart by a hash of who it is; without storage (a private
// window, a strict policy) the chat works all the same and remembers until the page is left.

function hash(text) {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ char.codePointAt(0), 0x01000193);
  return (value >>> 0).toString(36);
}

/** Whose token it is: its `sub`, read without trusting it, only to keep members' memories apart. */
export function subject(token) {
  try {
    const part = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    return hash(String(JSON.parse(atob(part)).sub));
  } catch {
    return hash(token);
  }
}

export class Memory {
  constructor(who) {
    this.prefix = `moedeklar:${who}:`;
    this.here = new Map();
  }

  /** `tab`: until the tab is closed. `browser`: for longer; never what somebody wrote. */
  get(name, where = "tab") {
    try {
      return this.#store(where).getItem(this.prefix + name);
    } catch {
      return this.here.get(name) ?? null;
    }
  }

  set(name, value, where = "tab") {
    this.here.set(name, value);
    try {
      if (value === null) this.#store(where).removeItem(this.prefix + name);
      else this.#store(where).setItem(this.prefix + name, value);
    } catch {
      return; // no storage: `here` is what there is
    }
  }

  forget() {
    for (const name of ["outbox", "draft", "open"]) this.set(name, null);
  }

  #store(where) {
    return where === "tab" ? sessionStorage : localStorage;
  }
}
