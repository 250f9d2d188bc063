// A phone of the simulator: sends as a member would, and shows what comes, with its delivery status.

const $ = (id) => document.getElementById(id);
const thread = $("thread");
const shown = new Map(); // id of a message that came -> its line
const STATUS = { sent: "på vej", delivered: "leveret", failed: "ikke leveret" };
let phone = $("number").value;

function line(text, mine) {
  const item = document.createElement("li");
  item.className = mine ? "mine" : "";
  item.append(text, document.createElement("small"));
  thread.append(item);
  thread.scrollTop = thread.scrollHeight;
  return item;
}

function note(item, text) {
  item.querySelector("small").textContent = text;
}

async function call(address, body) {
  const options = body && {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  };
  const answer = await fetch(address, options);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

function tell(error) {
  $("told").textContent = error ? `Gatewayen svarer ikke som ventet (${error.message}).` : "";
}

async function send(text) {
  const message = { id: crypto.randomUUID(), from: phone, text };
  const item = line(text, true);
  try {
    for (let times = $("twice").checked ? 2 : 1; times > 0; times -= 1) await call("/sms/simulator", message);
    note(item, "sendt");
    tell();
  } catch (error) {
    note(item, "ikke sendt");
    tell(error);
  }
}

async function look() {
  const asked = phone;
  try {
    const messages = await call(`/sms/simulator/messages?to=${encodeURIComponent(asked)}`);
    if (asked !== phone) return;
    for (const message of messages) {
      if (!shown.has(message.id)) shown.set(message.id, line(message.text, false));
      const segments = message.segments === 1 ? "1 sms" : `${message.segments} sms'er`;
      note(shown.get(message.id), `${STATUS[message.status]} · ${segments}`);
    }
    tell();
  } catch (error) {
    tell(error);
  }
}

async function again() {
  await look();
  setTimeout(again, 700);
}

$("writing").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("text").value;
  if (!text.trim()) return;
  $("text").value = "";
  send(text);
});

$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    $("writing").requestSubmit();
  }
});

$("number").addEventListener("change", () => {
  phone = $("number").value.trim();
  thread.replaceChildren();
  shown.clear();
  look();
});

$("behaviour").addEventListener("change", () => {
  const wanted = Object.fromEntries(new FormData($("behaviour")));
  wanted.delay_seconds = Number(wanted.delay_seconds) || 0;
  call("/sms/simulator/behaviour", wanted).then(() => tell(), tell);
});

call("/sms/simulator/behaviour").then((now) => {
  for (const [name, value] of Object.entries(now)) $("behaviour").elements[name].value = value;
}, tell);
again();
