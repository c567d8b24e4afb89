// Neighbours by kind with true counts; a press opens a kind and shows it page by page.
import { entityPath, get } from "../api.js";
import { fill, h } from "../dom.js";
import { pageOf } from "../evidence.js";
import { named, symbol, verb } from "../look.js";
import { attempt, waiting } from "../messages.js";
import { count, counted, kind, period } from "../words.js";

const PAGE = 15;

/** A fold for every kind of neighbour, the most telling (fewest) first. */
export function neighbourList(node) {
  const kinds = [...node.neighbours].sort((a, b) => a.total - b.total);
  if (!kinds.length) return h("p", { class: "muted" }, "It has none.");
  return h("div", { class: "kinds" }, kinds.map((one) => fold(node, one)));
}

function fold(node, one) {
  const place = h("div", { class: "kind-items" });
  const label = one.labels.length === 1 ? kind(one.labels[0], one.total !== 1) : "Parties";
  const said = verb(one.type, one.direction !== "in");
  const details = h(
    "details",
    { class: "fold kind" },
    h("summary", {}, symbol(one.labels[0], null, 24), h("span", {}, label, h("span", { class: "muted small kind-verb" }, said)), h("b", {}, count(one.total))),
    place,
  );
  details.addEventListener("toggle", () => {
    if (details.open && !place.hasChildNodes()) open(place, node, one);
  });
  return details;
}

async function open(place, node, one) {
  waiting(place);
  const page = await attempt(place, () => ask(node, one, null));
  if (!page) return;
  const list = h("ul", {});
  const foot = h("div", { class: "row kind-foot" });
  fill(place, list, foot);
  append(list, foot, page, node, one);
}

const ask = (node, one, cursor) => get(`/v1/entities/${entityPath(node.id)}/neighbours`, { types: one.type, limit: PAGE, cursor });

function append(list, foot, page, node, one) {
  const rows = page.items.filter((item) => directed(item, node, one)).map(row);
  list.append(...rows);
  const shown = list.children.length;
  if (!page.next) return fill(foot);
  const more = h("button", { type: "button", class: "quiet", on: { click: async () => {
    more.disabled = true;
    const next = await attempt(foot, () => ask(node, one, page.next));
    if (next) append(list, foot, next, node, one);
  } } }, "Show more"); // prettier-ignore
  return fill(foot, more, h("span", { class: "muted small" }, `${count(shown)} of ${count(one.total)}, newest first`));
}

/** One relationship type may stand both ways at a node; a fold shows one of them. */
function directed({ edge }, node, { direction }) {
  if (direction === "both") return true;
  return direction === "out" ? edge.source === node.id : edge.target === node.id;
}

function row(node) {
  const { edge } = node;
  const seen = period(edge.first_seen, edge.last_seen);
  return h(
    "li",
    { class: "neighbour" },
    named(node, pageOf(node.id)),
    h("span", { class: "muted small" }, [node.parties > 1 ? `used by ${counted(node.parties, "party", "parties")}` : null, edge.count > 1 ? counted(edge.count, "record") : null, seen].filter(Boolean).join(" · ")),
  );
}
