// Symbols of labels and standings. The server sends the palette, shapes and signs that its reports use, too.
import { find, h, svg } from "./dom.js";
import { kind } from "./words.js";

const LOOK = JSON.parse(find("#look").textContent);
const RING = { seized: 19.5, trusted: 18.5 };

/** What a standing means; null for none. */
export const standingMeaning = (standing) => LOOK.standings[standing] ?? null;

/** How a relationship reads along its direction, or against it. */
export function verb(type, forward) {
  const [along, against] = LOOK.verbs[type] ?? [];
  return (forward ? along : against) ?? type.toLowerCase().replaceAll("_", " ");
}

/** Kinds in the order of the legend. */
export const labels = () => Object.keys(LOOK.symbols);

/** The symbol of a node with the ring and badge of its standing, as an element that follows the theme. */
export function symbol(label, standing = null, size = 28) {
  const drawn = drawing(label, standing, (name) => `var(--${name})`);
  drawn.setAttribute("width", size);
  drawn.setAttribute("height", size);
  drawn.setAttribute("class", "symbol");
  drawn.setAttribute("aria-hidden", "true");
  return drawn;
}

/** The same symbol as an image for a canvas, in the colours of the theme shown now. `badge` adds a number. */
export function symbolImage(label, standing, more = 0) {
  const style = getComputedStyle(document.documentElement);
  const drawn = drawing(label, standing, (name) => style.getPropertyValue(`--${name}`).trim(), more);
  drawn.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  drawn.setAttribute("width", 176);
  drawn.setAttribute("height", 176);
  return `data:image/svg+xml;utf8,${encodeURIComponent(new XMLSerializer().serializeToString(drawn))}`;
}

/** A colour of the theme shown now. */
export const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** A standing in words with its ring and glyph: never by hue alone. */
export function standingBadge(standing) {
  if (!standing) return null;
  const word = standing.charAt(0).toUpperCase() + standing.slice(1);
  return h("span", { class: `standing standing-${standing}`, title: standingMeaning(standing) }, glyph(standing), word);
}

/** Symbol and caption, linked to the entity's page where it has one. */
export function named(node, href) {
  const inside = [symbol(node.label, node.standing, 24), h("span", { class: "named-caption" }, node.caption)];
  const title = [kind(node.label), node.standing].filter(Boolean).join(", ");
  return href ? h("a", { class: "named", href, title }, inside) : h("span", { class: "named", title }, inside);
}

function glyph(standing) {
  const badge = LOOK.badges[standing];
  if (!badge) return null;
  return svg(
    "svg",
    { viewBox: "-7 -7 14 14", width: 13, height: 13, "aria-hidden": "true" },
    svg("path", { d: badge, fill: "currentColor" }),
    svg("path", { d: LOOK.badge_signs[standing], class: "badge-sign" }),
  );
}

function drawing(label, standing, ink, more = 0) {
  const look = LOOK.symbols[label] ?? LOOK.unknown;
  return svg(
    "svg",
    { viewBox: "-22 -22 44 44" },
    ring(standing, ink),
    svg("path", { d: look.path, fill: ink(look.family) }),
    svg("path", {
      d: look.sign, transform: "translate(-8 -8)", fill: "none", stroke: ink("sign"), "stroke-width": 1.4,
      "stroke-linecap": "round", "stroke-linejoin": "round",
    }), // prettier-ignore
    badge(standing, ink),
    more > 0 ? moreBadge(more, ink) : null,
  );
}

function ring(standing, ink) {
  const radius = RING[standing];
  if (!radius) return null;
  const circle = (r, width) => svg("circle", { r, fill: "none", stroke: ink(standing), "stroke-width": width });
  return standing === "seized" ? svg("g", {}, circle(17.2, 1.3), circle(20, 1.6)) : circle(radius, 2);
}

function badge(standing, ink) {
  if (!LOOK.badges[standing]) return null;
  return svg(
    "g",
    { transform: "translate(14 -14)" },
    svg("path", { d: LOOK.badges[standing], fill: ink(standing), stroke: ink("canvas"), "stroke-width": 1.6 }),
    svg("path", {
      d: LOOK.badge_signs[standing], fill: "none", stroke: ink("canvas"), "stroke-width": 1.5, "stroke-linecap": "round",
      "stroke-linejoin": "round",
    }), // prettier-ignore
  );
}

/** How many neighbours are not drawn. */
function moreBadge(number, ink) {
  const text = number > 999 ? `+${Math.round(number / 1000)}k` : `+${number}`;
  const width = 6 + text.length * 5.4;
  return svg(
    "g",
    { transform: `translate(${21.5 - width} 9)` },
    svg("rect", { width, height: 12, rx: 6, fill: ink("panel"), stroke: ink("muted"), "stroke-width": 1 }),
    svg(
      "text",
      { x: width / 2, y: 9, "text-anchor": "middle", "font-family": "Inter, system-ui, sans-serif", "font-size": 9,
        "font-weight": 600, fill: ink("ink") }, // prettier-ignore
      text,
    ),
  );
}
