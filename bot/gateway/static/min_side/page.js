// The demo of Min side: logs in as a demo member, shows what the a-kasse knows, and embeds the chat
// in the way any a-kasse's page would (docs/widget.md).
import { loadSide } from "./side.js";

const $ = (id) => document.getElementById(id);
const chat = document.querySelector("moedeklar-chat");
const QUIET = 400; // milliseconds: several messages at once are one look

function problem(text) {
  $("problem").textContent = text;
  $("problem").hidden = !text;
}

async function ask(address, options) {
  const answer = await fetch(address, options);
  const said = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(said.error.message), { status: answer.status });
  return said;
}

function remembered() {
  return { member: sessionStorage.getItem("member"), token: sessionStorage.getItem("token") };
}

async function logIn(member) {
  const { token } = await ask("/api/demo/login", { method: "POST", body: JSON.stringify({ member }) });
  sessionStorage.setItem("member", member);
  sessionStorage.setItem("token", token);
  return token;
}

async function enter(token) {
  $("login").hidden = true;
  $("side").hidden = $("nav").hidden = $("who").hidden = false;
  chat.token = token;
  await look();
}

async function look() {
  const show = () => loadSide(remembered().token, ask, (text) => chat.suggest(text));
  try {
    await show().catch(async (error) => {
      if (error.status !== 401) throw error;
      chat.token = await logIn(remembered().member); // it has run out while the page was open
      await show();
    });
    problem("");
  } catch (error) {
    problem(error.message);
  }
}

function leave() {
  chat.logout();
  sessionStorage.removeItem("member");
  sessionStorage.removeItem("token");
  location.assign("/");
}

async function choose() {
  $("login").hidden = false;
  const { members } = await ask("/api/demo/members");
  for (const { id, name, note } of members) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(name);
    if (note) button.append(Object.assign(document.createElement("small"), { textContent: note }));
    button.addEventListener("click", async () => {
      try {
        await enter(await logIn(id));
        $("hello").focus();
      } catch (error) {
        problem(error.message);
      }
    });
    const item = document.createElement("li");
    item.append(button);
    $("members").append(item);
  }
}

// The chat asks for a token: now, and again when the one it has has run out.
chat.addEventListener("moedeklar-token", ({ detail }) => {
  const { member } = remembered();
  if (member) detail.renew(logIn(member));
});
// What is done in the chat shows on the page at once.
let soon;
chat.addEventListener("moedeklar-message", ({ detail }) => {
  if (detail.from === "member") return;
  clearTimeout(soon);
  soon = setTimeout(look, QUIET);
});
$("leave").addEventListener("click", leave);

try {
  const { token } = remembered();
  if (token) await enter(token);
  else await choose();
} catch (error) {
  problem(error.message);
}
