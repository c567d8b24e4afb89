// Bringing in a node's neighbours. Shipments between parties are counted on their link; a hub is asked about first.
import { entityPath, get, post } from "../api.js";
import { h } from "../dom.js";
import { symbol, verb } from "../look.js";
import { count, counted, kind } from "../words.js";

/** More new nodes than this would bury the picture. */
const GUARD = 40;
const ORDERS = [["recent", "seen last"], ["rare", "shared by the fewest"], ["count", "most records"], ["oldest", "seen first"]];

/** Expand `id` in `view`; resolves to what happened, in words, or null when nothing was to be done. */
export async function expand(id, view) {
  try {
    const entity = await get(`/v1/entities/${entityPath(id)}`);
    const others = entity.neighbours.filter((one) => !one.labels.includes("Shipment"));
    const many = others.reduce((sum, one) => sum + one.total, 0);
    return many > GUARD ? await askFirst(entity, view) : await around(id, view);
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    return problem.title;
  }
}

async function around(id, view) {
  const room = GUARD + 1;
  const graph = await post("/v1/network", { seeds: [id], hops: 1, limit: room });
  const added = await view.add(graph, id);
  const left = graph.graph?.left_out?.nodes ?? 0;
  if (!added && !left) return "It has no neighbours that are not here already";
  return `Added ${counted(added, "node")}${left ? `; ${count(left)} more left out` : ""}`;
}

async function askFirst(entity, view) {
  const chosen = await guard(entity);
  if (!chosen) return null;
  const { id } = entity;
  const page = await get(`/v1/entities/${entityPath(id)}/neighbours`, { types: chosen.types.join(","), limit: chosen.limit, order: chosen.order });
  const nodes = Object.fromEntries(page.items.map((node) => [node.id, withParties(node)]));
  const added = await view.add({ nodes, edges: page.items.map(({ edge }) => edge) }, id);
  return `Added ${counted(added, "node")} of ${count(page.total)}`;
}

/** The canvas reads how many parties share a value from its properties, as the network's answer gives them. */
const withParties = (node) => ({ ...node, properties: { parties: node.parties, country: node.country } });

/** A dialog: which kinds, how many of each, which first. Resolves to null when it is left. */
function guard({ caption, neighbours, degree }) {
  const few = neighbours.filter((one) => one.total <= GUARD);
  const ticked = new Set((few.length ? few : neighbours.slice(0, 1)).map((one) => one.type));
  const boxes = neighbours.map((one) => h("input", { type: "checkbox", value: one.type, checked: ticked.has(one.type) }));
  const limit = h("input", { type: "range", min: 5, max: 100, step: 5, value: 25, id: "guard-limit" });
  const shown = h("output", { for: "guard-limit" }, "25");
  limit.addEventListener("input", () => shown.replaceChildren(limit.value));
  const order = h("select", { id: "guard-order" }, ORDERS.map(([name, words]) => h("option", { value: name }, words)));
  const form = h("form", { method: "dialog" },
    h("h2", { id: "guard-title" }, `${caption} has ${counted(degree, "relationship")}`),
    h("p", {}, "All of them would bury the picture. Choose what to bring in."),
    h("ul", { class: "guard-kinds" }, neighbours.map((one, i) => h("li", {}, h("label", { class: "row" }, boxes[i], symbol(one.labels[0], null, 22), h("span", {}, one.labels.length === 1 ? kind(one.labels[0], true) : "Parties", h("span", { class: "muted small kind-verb" }, verb(one.type, one.direction !== "in"))), h("b", {}, count(one.total)))))),
    h("div", { class: "row" }, h("label", { for: "guard-limit" }, "Up to"), limit, shown, h("span", {}, "of each kind,"), h("label", { class: "unseen", for: "guard-order" }, "Order"), order, "first"),
    h("div", { class: "row end" }, h("button", { type: "button", class: "quiet", "data-cancel": true }, "Cancel"), h("button", { class: "main", value: "add" }, "Bring in"))); // prettier-ignore
  const dialog = h("dialog", { class: "guard", "aria-labelledby": "guard-title" }, form);
  form.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const types = boxes.filter((box) => box.checked).map((box) => box.value);
      dialog.remove();
      resolve(dialog.returnValue === "add" && types.length ? { types, limit: limit.value, order: order.value } : null);
    });
  });
}
