// Elements from plain data. Text only ever becomes text nodes: nothing here can read HTML.

const SVG = "http://www.w3.org/2000/svg";

/** `h("p", { class: "text" }, "Hej", node)`: attributes, `on…` listeners, and children (null: none). */
export function h(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) {
      made.setAttribute(key, value === true ? "" : String(value));
    }
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** Text for screen readers alone. */
export const hidden = (text) => h("span", { class: "hidden" }, text);

const PATHS = {
  chat: "M4 5h16v11H9.5L5 20v-4H4z",
  close: "M6 6l12 12M18 6L6 18",
  menu: "M5 12h.01M12 12h.01M19 12h.01",
  send: "M4 12l16-8-6 17-3-7z",
  check: "M5 12.5l4.5 4.5L19 7.5",
  listen: "M4 10v4h4l5 4V6L8 10zM16.5 8.5a5 5 0 010 7M19 6a8.5 8.5 0 010 12",
  stop: "M7 7h10v10H7z",
  calendar: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4M12 13v5M9.5 15.5h5",
  place: "M12 21s6.5-5.6 6.5-11a6.5 6.5 0 00-13 0C5.500 15.400 12 21 12 21zM12 12a2 2 0 100-4 2 2 0 000 4z",
  screen: "M4 5h16v11H4zM9 20h6M12 16v4",
  person: "M12 12a4 4 0 100-8 4 4 0 000 8zM4.500 20.500c.5-4 3.500-6 7.500-6s7 2 7.500 6",
  receipt: "M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6",
  down: "M12 5v14M6 13l6 6 6-6",
  retry: "M19 12a7 7 0 11-2-5M19 4v4h-4",
  offline: "M12 8v5M12 16.500v.01M12 3l10 18H2z",
};

/** A line icon in the colour of the text; decoration only. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
