// Instants as a Dane reads them, on Copenhagen's clock wherever the browser is.

const ZONE = { timeZone: "Europe/Copenhagen" };
const format = (options) => new Intl.DateTimeFormat("da-DK", { ...ZONE, ...options });
const CLOCK = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const LONG = format({ weekday: "long", day: "numeric", month: "long" });
const WEEKDAY = format({ weekday: "short" });
const DAY = format({ day: "numeric" });
const MONTH = format({ month: "short" });
const KEY = new Intl.DateTimeFormat("en-CA", ZONE); // 2026-11-26

/** "10.00" */
export const clock = (instant) => CLOCK.format(new Date(instant)).replace(":", ".");
/** "torsdag den 26. november" */
export const longDay = (instant) => LONG.format(new Date(instant));
/** "2026-11-26", for comparing */
export const dayKey = (instant) => KEY.format(new Date(instant));
/** { weekday: "tor", day: "26", month: "nov" } for a date tile */
export function tile(instant) {
  const at = new Date(instant);
  const short = (text) => text.replace(/\.$/, "");
  return {
    weekday: short(WEEKDAY.format(at)),
    day: short(DAY.format(at)),
    month: short(MONTH.format(at)),
  };
}
/** "I dag", "I går", "I morgen" by the texts, else the long day; `now` is the server's clock. */
export function nearDay(instant, now, texts) {
  const days = Math.round((Date.parse(dayKey(instant)) - Date.parse(dayKey(now))) / 86_400_000);
  const near = { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days];
  return near ? texts.say(near) : longDay(instant);
}
