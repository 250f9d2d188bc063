// Reading aloud by the browser's own speech synthesis, with a Danish voice or not at all.

const VOICES_WITHIN = 1500; // browsers load their list of voices late

export class Speech {
  #speaking = null;

  /** `changed(id)`: the message that is being read now, or null. */
  constructor(changed) {
    this.changed = changed;
    this.synthesis = window.speechSynthesis ?? null;
  }

  /** A Danish voice, one on the device before one on the net; null where there is none. */
  async voice() {
    if (!this.synthesis) return null;
    if (!this.synthesis.getVoices().length) await this.#voices();
    const danish = this.synthesis.getVoices().filter((each) => /^da\b/i.test(each.lang.replace("_", "-")));
    return danish.find((each) => each.localService) ?? danish[0] ?? null;
  }

  /** Reads the text and stops what was being read; false where there is no Danish voice. */
  async read(id, text) {
    const voice = await this.voice();
    if (!voice) return false;
    this.stop();
    const said = new SpeechSynthesisUtterance(text);
    said.voice = voice;
    said.lang = voice.lang;
    said.onend = said.onerror = () => {
      if (this.#speaking === said) this.#now(null, null);
    };
    this.#now(said, id);
    this.synthesis.speak(said);
    return true;
  }

  stop() {
    if (!this.#speaking) return;
    this.#now(null, null);
    this.synthesis.cancel();
  }

  #now(said, id) {
    this.#speaking = said;
    this.changed(id);
  }

  #voices() {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, VOICES_WITHIN);
      const there = () => {
        clearTimeout(timer);
        resolve();
      };
      this.synthesis.addEventListener?.("voiceschanged", there, { once: true });
    });
  }
}
