// What the a-kasse knows of the member, on the page: the way, the meetings, the inbox.

const $ = (id) => document.getElementById(id);
const ZONE = { timeZone: "Europe/Copenhagen" };
const format = (options) => new Intl.DateTimeFormat("da-DK", { ...ZONE, ...options });
const DATE = format({ day: "numeric", month: "long" });
const DATE_YEAR = format({ day: "numeric", month: "long", year: "numeric" });
const WEEKDAY = format({ weekday: "long", day: "numeric", month: "long" });
const SHORT = format({ day: "numeric", month: "short" });
const HOUR = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const hour = (instant) => HOUR.format(new Date(instant)).replace(":", ".");
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const SEEN = 3; // so many letters are shown before the rest is folded away

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

export async function loadSide(token, ask, suggest) {
  const side = await ask("/api/demo/side", { headers: { Authorization: `Bearer ${token}` } });
  document.title = `Min side · ${side.akasse}`;
  $("akasse").textContent = side.akasse;
  $("name").textContent = side.member.name;
  $("hello").textContent = `Hej ${side.member.name.split(" ")[0]}`;
  $("hello").tabIndex = -1;
  $("since").textContent = sinceText(side);
  next(side, suggest);
  $("way").replaceChildren(...drawing(side));
  $("meetings").replaceChildren(...side.meetings.map((meeting) => meetingItem(meeting, suggest)));
  $("no-meetings").hidden = side.meetings.length > 0;
  $("inbox").replaceChildren(...letters(side.inbox));
  $("no-letters").hidden = side.inbox.length > 0;
}

function sinceText({ member, now }) {
  const days = Math.floor((Date.parse(now) - Date.parse(member.since)) / 86_400_000);
  const since = DATE_YEAR.format(new Date(member.since));
  return `Du har været ledig siden ${since} (uge ${Math.floor(days / 7) + 1}). Din afdeling er ${member.office}.`;
}

/** The one thing that matters most now. */
function next({ way, now }, suggest) {
  const stop = way.find((each) => each.place === "next");
  const box = $("next");
  box.replaceChildren();
  box.hidden = !stop;
  if (!stop) return;
  const when = stop.at ? `${capital(WEEKDAY.format(new Date(stop.at)))} kl. ${hour(stop.at)}` : "";
  const days = Math.ceil((Date.parse(stop.day) - Date.parse(now)) / 86_400_000);
  const soon = stop.tone === "deadline" ? `${days} ${days === 1 ? "dag" : "dage"} til fristen` : when;
  box.className = `next ${stop.tone}`;
  box.append(
    element("p", "next-label", "Det næste for dig"),
    element("p", "next-title", stop.title),
    element("p", "", [soon, stop.note].filter(Boolean).join(" · ")),
  );
  if (stop.tone === "deadline") box.append(chatButton("Book i chatten", "Jeg vil gerne booke en tid", suggest, true));
  if (stop.tone === "booked") box.append(chatButton("Spørg om mødet", "Hvornår og hvor er mit næste møde?", suggest, true));
}

function chatButton(label, text, suggest, main = false) {
  const button = element("button", main ? "main" : "plain", label);
  button.type = "button";
  button.addEventListener("click", () => suggest(text));
  return button;
}

/** The stops, with today between what is behind and what is ahead. */
function drawing({ way, now }) {
  const stops = way.map(stopItem);
  const behind = way.filter((stop) => stop.place === "behind").length;
  const today = element(
    "li", "stop today",
    element("span", "dot"),
    element("p", "stop-day", `I dag, ${DATE.format(new Date(now))}`),
  );
  stops.splice(behind, 0, today);
  return stops;
}

function stopItem(stop) {
  const date = stop.tone === "expected" ? "" : DATE.format(new Date(stop.at ?? stop.day));
  const clock = stop.at ? ` kl. ${hour(stop.at)}` : "";
  const item = element(
    "li", `stop ${stop.place} ${stop.tone}`,
    element("span", "dot"),
    date ? element("p", "stop-day", date + clock) : null,
    element("p", "stop-title", stop.title),
    element("p", "stop-note", stop.note),
  );
  if (stop.place === "next") item.setAttribute("aria-current", "step");
  return item;
}

function meetingItem(meeting, suggest) {
  const start = new Date(meeting.start);
  const body = element(
    "div", "meeting-body",
    element("p", "meeting-title", meeting.title, " ", element("span", `status ${meeting.status}`, meeting.status_text)),
    element("p", "", `${capital(WEEKDAY.format(start))} kl. ${hour(meeting.start)}–${hour(meeting.end)}`),
    element("p", "soft", [meeting.where, ...meeting.notes].join(" · ")),
  );
  if (meeting.can_change) {
    const day = WEEKDAY.format(start);
    body.append(
      element(
        "p", "ways",
        chatButton("Meld afbud", `Jeg kan ikke komme til mit møde ${day}`, suggest),
        chatButton("Flyt", `Jeg vil gerne flytte mit møde ${day}`, suggest),
      ),
    );
  }
  const [day, month] = SHORT.format(start).replaceAll(".", "").split(" ");
  const tile = element("p", "tile", element("strong", "", day), element("span", "", month));
  tile.setAttribute("aria-hidden", "true");
  return element("li", `meeting ${meeting.coming ? "coming" : "past"}`, tile, body);
}

function letters(inbox) {
  const items = inbox.map((letter) => {
    const fold = element(
      "details", "",
      element("summary", "", element("span", "letter-title", letter.title), element("span", "soft", DATE.format(new Date(letter.at)))),
      element("p", "", letter.text),
      letter.receipt ? element("p", "soft", `Kvittering ${letter.receipt}`) : null,
    );
    return element("li", "letter", fold);
  });
  items[0]?.querySelector("details").setAttribute("open", "");
  if (items.length <= SEEN) return items;
  const rest = element("ul", "inbox", ...items.slice(SEEN));
  return [...items.slice(0, SEEN), element("li", "", element("details", "", element("summary", "", `Ældre beskeder (${items.length - SEEN})`), rest))];
}
