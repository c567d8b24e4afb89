// Elements from data. Text is always a text node: nothing here can turn data into markup.

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element. Attributes: `class`, `on` (listeners by event), `data-*`, properties such as `value`. */
export function h(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** An SVG element. */
export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

/** Replace what an element holds. */
export function fill(element, ...children) {
  element.replaceChildren(...nodes(children));
  return element;
}

/** The one element that a selector names; a page without it is broken, so say so at once. */
export function find(selector, within = document) {
  const found = within.querySelector(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "open", "required"]);

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (PROPERTIES.has(name)) element[name] = value;
    else if (name === "href") element.setAttribute("href", safe(value));
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...nodes(children));
  return element;
}

function nodes(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : document.createTextNode(String(child))));
}

/** Only web addresses and places of this site may be followed: `javascript:` in a record stays dead. */
function safe(address) {
  try {
    const url = new URL(address, location.origin);
    return ["http:", "https:", "blob:"].includes(url.protocol) ? String(address) : "#";
  } catch {
    return "#";
  }
}
