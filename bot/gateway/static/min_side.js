// Demo of Min side: log in as a demo member, and chat. What comes from a message is only ever text.
import { events } from "./event_stream.js";

const SPEAKERS = { member: "Du", bot: "Digital assistent", staff: "Medarbejder", system: "Mødeklar" };
const STATES = {
  bot: "", waiting: "Du venter på en medarbejder. Du kan stadig spørge imens.",
  staff: "Du skriver med en medarbejder.",
};
const $ = (id) => document.getElementById(id);
const session = { token: sessionStorage.getItem("token"), name: sessionStorage.getItem("name") };
const shown = new Set();
const unsettled = []; // own messages that the server's history has not brought yet, oldest first
let cursor = 0;

function problem(text) {
  $("problem").textContent = text;
  $("problem").hidden = !text;
}

async function call(address, options = {}) {
  const headers = { "Content-Type": "application/json" };
  if (session.token) headers.Authorization = `Bearer ${session.token}`;
  const answer = await fetch(address, { ...options, headers: { ...headers, ...options.headers } });
  if (answer.status === 401) leave();
  return answer;
}

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function bubble(message) {
  const box = element("article", `message ${message.from}`);
  box.append(element("p", "by", SPEAKERS[message.from]), element("p", "text", message.text));
  if (message.choices.length) {
    const row = element("div", "choices");
    for (const choice of message.choices) {
      const button = element("button", "", choice.title);
      button.type = "button";
      button.addEventListener("click", () => {
        for (const each of row.children) each.disabled = true;
        send({ choice: choice.id }, choice.title);
      });
      row.append(button);
    }
    box.append(row);
  }
  if (message.sources.length) {
    const list = element("ul", "sources");
    for (const source of message.sources) {
      list.append(element("li", "", `Kilde: ${source.title}, ${source.section}`));
    }
    box.append(list);
  }
  return box;
}

function place(box) {
  $("log").append(box);
  $("log").scrollTop = $("log").scrollHeight;
}

function show(message) {
  cursor = Math.max(cursor, message.id);
  if (shown.has(message.id)) return;
  shown.add(message.id);
  const own = message.from === "member" ? settled(message.text) : undefined;
  if (own) own.replaceWith(bubble(message));
  else place(bubble(message));
}

/** The own bubble that the server's message stands for: of the same words, else the oldest sent. */
function settled(text) {
  const said = (box) => box.querySelector(".text").textContent;
  const own = unsettled.find((box) => said(box) === text)
    ?? unsettled.find((box) => !box.classList.contains("failed"));
  if (own) forget(own);
  return own;
}

async function send(body, text) {
  const own = bubble({ from: "member", text, choices: [], sources: [] });
  unsettled.push(own);
  place(own);
  const sent = JSON.stringify({ client_id: crypto.randomUUID(), ...body });
  await deliver(own, sent);
}

async function deliver(own, sent) {
  problem("");
  try {
    const answer = await call("/api/chat/messages", { method: "POST", body: sent });
    const said = await answer.json();
    if (answer.ok) {
      await catchUp();
      if (forget(own)) own.remove(); // the history has it already
      return;
    }
    forget(own);
    own.classList.add("failed");
    problem(said.error.message);
  } catch {
    own.classList.add("failed");
    const again = element("button", "", "Send igen");
    again.type = "button";
    again.addEventListener("click", () => {
      again.remove();
      own.classList.remove("failed");
      deliver(own, sent);
    });
    own.append(again);
    problem("Der er ikke forbindelse lige nu. Beskeden er ikke sendt.");
  }
}

function forget(own) {
  const at = unsettled.indexOf(own);
  if (at >= 0) unsettled.splice(at, 1);
  return at >= 0;
}

async function catchUp() {
  const answer = await call(`/api/chat/messages?after=${cursor}`);
  if (!answer.ok) return;
  const { messages, state } = await answer.json();
  messages.forEach(show);
  $("state").textContent = STATES[state];
}

async function listen() {
  const token = session.token;
  for (let pause = 1000; session.token === token; pause = Math.min(pause * 2, 15000)) {
    try {
      const answer = await call(`/api/chat/events?after=${cursor}`);
      if (!answer.ok) throw new Error(String(answer.status));
      problem("");
      pause = 500;
      for await (const { event, data } of events(answer.body)) {
        if (session.token !== token) return;
        if (event === "message") show(data);
        if (event === "state") $("state").textContent = STATES[data.state];
        if (event === "typing") $("typing").textContent = data.typing ? "Skriver …" : "";
      }
    } catch {
      if (session.token === token) $("typing").textContent = "Forbinder igen …";
    }
    await new Promise((done) => setTimeout(done, pause));
  }
}

async function enter() {
  $("login").hidden = true;
  $("chat").hidden = $("leave").hidden = false;
  $("who").textContent = session.name;
  $("text").focus();
  try {
    await catchUp();
  } catch {
    problem("Der er ikke forbindelse lige nu.");
  }
  listen();
}

function leave() {
  session.token = null;
  sessionStorage.clear();
  location.reload();
}

async function choose() {
  $("login").hidden = false;
  try {
    const answer = await call("/api/demo/members");
    const said = await answer.json();
    if (!answer.ok) return problem(said.error.message);
    for (const member of said.members) {
      const button = element("button", "", member.name);
      button.append(element("small", "", member.note));
      button.addEventListener("click", () => logIn(member.id));
      const item = element("li", "");
      item.append(button);
      $("members").append(item);
    }
  } catch {
    problem("Der er ikke forbindelse lige nu. Genindlæs siden.");
  }
}

async function logIn(member) {
  const body = JSON.stringify({ member });
  const answer = await call("/api/demo/login", { method: "POST", body });
  const said = await answer.json();
  if (!answer.ok) return problem(said.error.message);
  session.token = said.token;
  session.name = said.member.name;
  sessionStorage.setItem("token", session.token);
  sessionStorage.setItem("name", session.name);
  enter();
}

$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  if (!text) return;
  $("text").value = "";
  send({ text }, text);
});
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $("form").requestSubmit();
  }
});
$("leave").addEventListener("click", leave);

if (session.token) enter();
else choose();
