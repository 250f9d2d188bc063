// The desk's pages: sends their forms to the desk API, and keeps what is marked `data-live` fresh.
import { draftsOf } from "./drafts.js";
import { announce } from "./news.js";

const LOOK_MS = 1000;
const REFRESH_MS = 20000; // so that minutes of waiting go on, also where nothing happens
const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content;
const csrf = meta("csrf");
const problem = document.getElementById("problem");
const done = document.getElementById("done");
const served = new Map();
const drafts = draftsOf(sessionStorage);
let version = null;
let refreshed = Date.now();

function show(box, text) {
  box.textContent = text;
  box.hidden = !text;
}

/** POST JSON; what was answered, or null after saying what went wrong. */
async function send(address, body) {
  show(problem, "");
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(csrf && { "X-CSRF-Token": csrf }) },
      body: JSON.stringify(body),
    });
    const said = await answer.json();
    if (answer.ok) return said;
    show(problem, said.error.message);
    if (answer.status === 409) await refresh();
  } catch {
    show(problem, "Der er ikke forbindelse. Intet er sendt; prøv igen.");
  }
  return null;
}

async function refresh() {
  refreshed = Date.now();
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!fresh.querySelector('meta[name="csrf"]')) return location.reload();
  document.title = fresh.title;
  for (const part of document.querySelectorAll("[data-live]")) {
    const made = fresh.getElementById(part.id);
    if (!made || made.innerHTML === served.get(part.id)) continue;
    const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
    const atEnd = part.scrollHeight - part.scrollTop - part.clientHeight < 40;
    const open = [...part.querySelectorAll("details")].map((details) => details.open);
    served.set(part.id, made.innerHTML);
    part.replaceChildren(...made.childNodes);
    part.querySelectorAll("details").forEach((details, at) => { details.open = open[at] ?? details.open; });
    if (atEnd) part.scrollTop = part.scrollHeight;
    if (focused) document.getElementById(focused)?.focus();
    drafts.restore(part);
  }
}

async function look() {
  const chosen = meta("case");
  const answer = await fetch(`/api/desk/pulse${chosen ? `?case=${chosen}` : ""}`);
  if (answer.status === 401) return location.reload();
  if (!answer.ok) return;
  const pulse = await answer.json();
  announce(pulse);
  if (pulse.version === version && Date.now() - refreshed < REFRESH_MS) return;
  const first = version === null;
  version = pulse.version;
  if (!first) await refresh();
}

async function keepLooking() {
  try {
    await look();
    if (problem.dataset.lost) show(problem, "");
    delete problem.dataset.lost;
  } catch {
    problem.dataset.lost = "1";
    show(problem, "Der er ikke forbindelse lige nu. Siden prøver igen af sig selv.");
  }
  setTimeout(keepLooking, LOOK_MS);
}

/** The fields that say something: not the empty ones, nor those that hang on an empty one. */
function fieldsOf(form) {
  const fields = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));
  for (const field of form.querySelectorAll("[data-needs]")) {
    if (field.dataset.needs && !(field.dataset.needs in fields)) delete fields[field.name];
  }
  return fields;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const login = "login" in form.dataset;
  if (!login && !form.dataset.action) return; // the search
  event.preventDefault();
  const button = form.querySelector("button");
  const fields = fieldsOf(form);
  if ("draft" in form.dataset) fields.client_id = form.dataset.key ??= crypto.randomUUID();
  button.disabled = true;
  const said = await send(login ? "/api/desk/login" : form.dataset.action, fields);
  button.disabled = false;
  if (!said) return;
  if (login) return location.reload();
  delete form.dataset.key;
  form.reset();
  drafts.drop(form);
  if (form.dataset.next) {
    if (said.text) sessionStorage.setItem("done", said.text);
    return location.assign(form.dataset.next);
  }
  await refresh();
  document.getElementById("reply")?.focus();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-action]");
  if (!button) return;
  button.disabled = true;
  const said = await send(button.dataset.action, {});
  button.disabled = false;
  if (!said) return;
  if (button.dataset.action.endsWith("/logout")) return location.assign("/desk");
  await refresh();
  (document.getElementById("reply") ?? document.getElementById("conversation")).focus();
});

document.addEventListener("change", (event) => {
  const field = event.target;
  if ("ready" in field.dataset && field.value) {
    const reply = document.getElementById("reply");
    reply.setRangeText(field.value, reply.selectionStart, reply.selectionEnd, "end");
    field.value = "";
    reply.dispatchEvent(new Event("input", { bubbles: true }));
    reply.focus();
  }
  if (field.dataset.or && field.value) field.form.elements[field.dataset.or].value = "";
});

let counting;
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form || event.target.id !== "reply") return;
  drafts.keep(form);
  if (!form.dataset.segments) return;
  clearTimeout(counting);
  counting = setTimeout(() => count(form.dataset.segments, event.target.value), 250);
});

async function count(address, text) {
  const box = document.getElementById("segments");
  if (!box) return;
  const said = text.trim() ? await send(address, { text }) : null;
  box.textContent = said ? `${said.segments} sms${said.segments === 1 ? "" : "'er"}` : "";
}

const KEYS = {
  "Alt+Digit1": () => document.querySelector("#queue .entry")?.focus(),
  "Alt+Digit2": () => document.getElementById("reply")?.focus(),
  "Alt+Digit3": () => document.getElementById("member")?.focus(),
  "Alt+KeyT": () => document.getElementById("claim")?.click(),
  "Alt+KeyS": () => document.getElementById("q")?.focus(),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === "Enter" && event.target.form?.dataset.action) {
    event.preventDefault();
    return event.target.form.requestSubmit();
  }
  const act = event.altKey && !event.ctrlKey && !event.shiftKey && KEYS[`Alt+${event.code}`];
  if (!act) return;
  event.preventDefault();
  act();
});

if (csrf) {
  const said = sessionStorage.getItem("done");
  sessionStorage.removeItem("done");
  if (said) {
    show(done, said);
    setTimeout(() => show(done, ""), 8000);
  }
  for (const part of document.querySelectorAll("[data-live]")) served.set(part.id, part.innerHTML);
  const transcript = document.getElementById("transcript");
  if (transcript) transcript.scrollTop = transcript.scrollHeight;
  drafts.restore(document);
  document.getElementById("task-title")?.focus();
  keepLooking();
}
