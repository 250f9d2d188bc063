// New work is told: in the title, to screen readers, and by a notification where the browser may.
const button = document.getElementById("notify");
const news = document.getElementById("news");
let newest = null;

if (button && "Notification" in window && Notification.permission === "default") {
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.hidden = (await Notification.requestPermission()) !== "default";
  });
}

/** Look at a pulse: `waiting` is how many wait, `newest` when the last of them came. */
export function announce(pulse) {
  const title = document.title.replace(/^\(\d+\) /, "");
  document.title = pulse.waiting ? `(${pulse.waiting}) ${title}` : title;
  const known = newest;
  newest = pulse.newest ?? "";
  if (known === null || newest <= known) return;
  const text = pulse.waiting === 1 ? "En samtale venter." : `${pulse.waiting} samtaler venter.`;
  news.textContent = text;
  if ("Notification" in window && Notification.permission === "granted" && document.hidden) {
    const notification = new Notification("Mødeklar", { body: text, tag: "moedeklar-desk", lang: "da" });
    notification.onclick = () => window.focus();
  }
}
