// The chat's own Danish words and the fixed list of links, from the gateway (data/replies/min_side.yml).

export class Texts {
  constructor({ texts, welcome, links }) {
    this.words = texts;
    this.welcome = welcome;
    this.links = links;
  }

  /** The text of a key with its `{places}` filled in. */
  say(key, places = {}) {
    const text = this.words[key];
    if (text === undefined) throw new Error(`no text ${key}`);
    return text.replace(/\{(\w+)\}/g, (whole, name) => places[name] ?? whole);
  }
}

export async function loadTexts(gateway) {
  const answer = await fetch(`${gateway}/api/chat/texts`);
  if (!answer.ok) throw new Error(`texts: ${answer.status}`);
  return new Texts(await answer.json());
}
