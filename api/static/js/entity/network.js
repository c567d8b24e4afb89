// The network around a node: grows by double click, and tells why the node is linked to seizures.
import { post } from "../api.js";
import { fill, h } from "../dom.js";
import { hopCards, pageOf } from "../evidence.js";
import { icon } from "../icons.js";
import { attempt, empty, waiting } from "../messages.js";
import { expand } from "../network/expand.js";
import { NetworkView } from "../network/view.js";
import { counted, notCounted, percent } from "../words.js";

const AROUND = { hops: 1, limit: 60 };

/** The section of the page; `start` draws it once it stands in the page, `why` asks for paths to seizures. */
export function networkSection(node) {
  const picture = h("div", {});
  const paths = h("div", { class: "stack", "aria-live": "polite" });
  const element = h("section", { class: "stack", "aria-labelledby": "network-title", id: "network" }, h("h2", { id: "network-title" }, "The network around it"), paths, picture);
  let view = null;
  return {
    element,
    async start() {
      waiting(picture, "Drawing …");
      const graph = await attempt(picture, () => post("/v1/network", { seeds: [node.id], ...AROUND }));
      if (!graph) return;
      view = new NetworkView(picture, { expand, href: (id) => (id === node.id ? null : pageOf(id)), title: `Network around ${node.caption}`, filename: "network" });
      view.show(graph, { seeds: [node.id] });
      const left = graph.graph?.left_out?.nodes;
      if (left) view.say(`${counted(left, "more neighbour")} left out: the list below has them all`);
    },
    why: () => showPaths(node, paths, () => view),
  };
}

async function showPaths(node, place, view) {
  waiting(place, "Looking for paths to seized parties …");
  const answer = await attempt(place, () => post("/v1/paths", { from: node.id, to: "seized", k: 3 }));
  if (!answer) return;
  if (!answer.paths.length) {
    fill(place, h("div", { class: "card" }, empty("No path to a seized party", answer.status === "complete" ? "The search was complete within six steps, hubs left out." : "The search was cut short: a longer path may exist."), numberUsed(answer)));
    return;
  }
  await view()?.add(answer.graph, node.id);
  const cards = h("div", {});
  const choose = (i) => {
    fill(tabs, answer.paths.map((path, at) => tab(path, at, at === i, choose)));
    fill(cards, pathCard(answer.paths[i], answer.graph));
    view()?.highlight(answer.paths[i].path, { straighten: true });
  };
  const tabs = h("div", { class: "choice-row", role: "group", "aria-label": "Paths, strongest first" });
  const clear = h("button", { type: "button", class: "quiet", on: { click: () => (fill(place), view()?.clearPath(), view()?.fit()) } }, "Clear");
  fill(place, h("div", { class: "card why" }, h("div", { class: "row answer-head" }, h("h3", {}, "Why linked to seizures?"), tabs, clear), cards, numberUsed(answer)));
  choose(0);
}

function numberUsed({ number_used: uses }) {
  return uses.length ? h("ul", { class: "notes" }, uses.map((use) => h("li", {}, icon("info"), h("span", {}, notCounted(use))))) : null;
}

function tab(path, i, on, choose) {
  return h("button", { type: "button", class: "quiet", "aria-pressed": String(on), on: { click: () => choose(i) } }, path.hops ? `Path ${i + 1}: ${counted(path.hops, "step")}, ${percent(path.strength)}` : "Its own seizure");
}

function pathCard(path, graph) {
  return h("div", {}, h("p", { class: "sentence" }, `${path.sentence}.`), hopCards(path.path, path.evidence, graph, path.seizure));
}
