// The desk's page: sends its forms to the desk API, and keeps what is marked `data-live` fresh.
const LOOK_MS = 2000;
const csrf = document.querySelector('meta[name="csrf"]')?.content;
const problem = document.getElementById("problem");
const served = new Map();

function say(text) {
  problem.textContent = text;
  problem.hidden = !text;
}

async function send(address, body) {
  say("");
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(csrf && { "X-CSRF-Token": csrf }) },
      body: JSON.stringify(body),
    });
    if (answer.ok) return true;
    say((await answer.json()).error.message);
  } catch {
    say("Der er ikke forbindelse. Intet er sendt; prøv igen.");
  }
  return false;
}

async function refresh() {
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!fresh.querySelector('meta[name="csrf"]')) return location.reload();
  document.title = fresh.title;
  for (const part of document.querySelectorAll("[data-live]")) {
    const html = fresh.getElementById(part.id)?.innerHTML;
    if (html === undefined || html === served.get(part.id)) continue;
    const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
    const atEnd = part.scrollHeight - part.scrollTop - part.clientHeight < 40;
    served.set(part.id, html);
    part.replaceChildren(...fresh.getElementById(part.id).childNodes);
    if (atEnd) part.scrollTop = part.scrollHeight;
    if (focused) document.getElementById(focused)?.focus();
  }
}

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const login = "login" in form.dataset;
  const button = form.querySelector("button");
  button.disabled = true;
  const fields = Object.fromEntries(new FormData(form));
  const done = await send(login ? "/api/desk/login" : form.dataset.action, fields);
  button.disabled = false;
  if (!done) return;
  if (login) return location.reload();
  form.reset();
  await refresh();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-action]");
  if (!button) return;
  button.disabled = true;
  const done = await send(button.dataset.action, {});
  button.disabled = false;
  if (done && button.dataset.action.endsWith("/logout")) return location.assign("/desk");
  if (!done) return;
  await refresh();
  document.getElementById("reply")?.focus();
});

if (csrf) {
  for (const part of document.querySelectorAll("[data-live]")) served.set(part.id, part.innerHTML);
  const transcript = document.getElementById("transcript");
  if (transcript) transcript.scrollTop = transcript.scrollHeight;
  setInterval(() => refresh().catch(() => {}), LOOK_MS);
}
