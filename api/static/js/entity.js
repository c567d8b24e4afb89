// The page of one node: who or what it is, the network around it, its neighbours, records and days.
import { entityPath, get, saveAnswer } from "./api.js";
import { clusterPage } from "./cluster/words.js";
import { fill, find, h } from "./dom.js";
import { neighbourList } from "./entity/neighbours.js";
import { networkSection } from "./entity/network.js";
import { timeline } from "./entity/timeline.js";
import { pageOf, recordList } from "./evidence.js";
import { icon } from "./icons.js";
import { named, standingBadge, standingMeaning, symbol } from "./look.js";
import { attempt, waiting } from "./messages.js";
import { factList } from "./network/panel.js";
import { counted, kind, percent } from "./words.js";

const PARTIES = new Set(["Importer", "Seller", "Shipper"]);
const FORMATS = [
  ["html", "HTML report", "opens offline, prints"],
  ["graphml", "GraphML", "yEd, Cytoscape, igraph"],
  ["gexf", "GEXF", "Gephi"],
  ["json", "JSON", "everything, brings back"],
  ["csv", "CSV", "one row a link"],
];

const page = find("#entity");
const { id } = page.dataset;

waiting(page, "Opening …");
// An identity of a merged party is shown as such only where the address says so.
const own = new URLSearchParams(location.search).has("identity") ? "?identity=true" : "";
const found = await attempt(page, () => get(`/v1/entities/${entityPath(id)}${own}`));
if (found) show(found);

function show(node) {
  document.title = `${node.caption} | graphinv`;
  // A merged id answers as the one it was merged into: the address says so, too.
  if (node.id !== id) history.replaceState(null, "", pageOf(node.id));
  const trouble = h("div", {});
  const network = networkSection(node);
  fill(
    page,
    header(node, network, trouble),
    trouble,
    network.element,
    h("div", { class: "columns" },
      h("div", { class: "stack" }, facts(node), identities(node), PARTIES.has(node.label) ? clusterSection(node) : null, PARTIES.has(node.label) ? timelineSection(node) : null, records(node)),
      h("div", { class: "stack" }, neighbourSection(node))),
  ); // prettier-ignore
  network.start();
}

function header(node, network, trouble) {
  const why = PARTIES.has(node.label) && h("button", { type: "button", class: "main", on: { click: () => network.why() } }, icon("route"), "Why linked to seizures?");
  return h("div", { class: "entity-head" },
    symbol(node.label, node.standing, 64),
    h("div", {},
      h("h1", {}, node.caption),
      h("div", { class: "row" }, standingBadge(node.standing), h("span", {}, kind(node.label)), node.country ? h("span", { class: "muted" }, node.country) : null, h("code", { class: "muted" }, node.id)),
      node.standing ? h("p", { class: "muted small" }, standingMeaning(node.standing)) : null),
    h("div", { class: "row end" }, why, downloadMenu(node, trouble), permalink(node))); // prettier-ignore
}

function downloadMenu(node, trouble) {
  const menu = h("details", { class: "menu" }, h("summary", { class: "button quiet" }, icon("download"), "Download", icon("chevron-down", 14)));
  const save = (format) => async () => {
    menu.open = false;
    const body = { seeds: [node.id], hops: 1, limit: 300, format, paths: format === "html" ? 3 : 0 };
    await attempt(trouble, () => saveAnswer("/v1/network", body, `${fileName(node.caption)}.${format}`));
  };
  menu.append(h("div", {}, FORMATS.map(([format, words, use]) => h("button", { type: "button", on: { click: save(format) } }, words, h("span", { class: "muted small" }, use)))));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    find("summary", menu).focus();
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  return menu;
}

function permalink(node) {
  const button = h("button", { type: "button", class: "quiet square", "aria-label": "Copy the address of this page", title: "Copy the address of this page" }, icon("link"));
  const said = h("span", { class: "unseen", role: "status" });
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(new URL(pageOf(node.id), location.origin).href);
    fill(button, icon("check"));
    fill(said, "Copied");
    setTimeout(() => (fill(button, icon("link")), fill(said)), 1500);
  });
  return h("span", {}, button, said);
}

function facts({ properties }) {
  const list = factList(properties);
  return list && section("Facts", list);
}

function identities({ same_as: same, label }) {
  if (!PARTIES.has(label) || !same.length) return null;
  const rows = same.map((other) => h("li", { class: "row" }, named(other, `${pageOf(other.id)}?identity=true`), h("span", { class: "chip", title: "Probability that both are one party" }, percent(other.probability)), h("code", { class: "muted small" }, other.id)));
  return section("The same party, as declared elsewhere", h("ul", { class: "list" }, rows));
}

/** The group that a party hangs together with; nothing where it is alone or where clusters were not made. */
function clusterSection(node) {
  const place = h("div", { hidden: true });
  const show = ({ items: [cluster] }) => {
    if (!cluster) return;
    const { members, standings } = cluster;
    fill(place, section("Cluster", h("p", { class: "row" }, h("a", { href: clusterPage(cluster.id) }, cluster.caption), h("span", { class: "chip" }, counted(members, "member")), standings.seized ? h("span", { class: "chip warn" }, `${standings.seized} seized`) : null)));
    place.hidden = false;
  };
  get("/v1/clusters", { member: node.id, limit: 1 }).then(show, () => null);
  return place;
}

function timelineSection(node) {
  const place = h("div", {});
  timeline(place, node);
  return section("Shipments and seizures by month", place);
}

function neighbourSection(node) {
  return section("Neighbours", h("p", { class: "muted" }, `${counted(node.degree, "relationship")} in the whole graph, by kind.`), neighbourList(node));
}

function records({ records: ids }) {
  if (!ids.length) return null;
  return section("Records behind it", h("p", { class: "muted" }, "Press one to see the row as it was written."), recordList(ids));
}

function section(title, ...parts) {
  return h("section", { class: "card", "aria-label": title }, h("h2", {}, title), parts);
}

/** A caption as a file name: letters and digits of any script. */
function fileName(caption) {
  return caption.normalize("NFKC").replaceAll(/[^\p{L}\p{N}]+/gu, "-").replaceAll(/^-+|-+$/g, "").slice(0, 60).toLowerCase() || "network";
}
