// The page of one cluster: the drawing of its members, what joins them, what they trade, what became of it.
import { get } from "./api.js";
import { clusterPage, happened } from "./cluster/words.js";
import { fill, find, h } from "./dom.js";
import { drawMonths } from "./entity/timeline.js";
import { pageOf } from "./evidence.js";
import { named, standingBadge } from "./look.js";
import { attempt, waiting } from "./messages.js";
import { expand } from "./network/expand.js";
import { NetworkView } from "./network/view.js";
import { count, counted, day, kind, percent, period } from "./words.js";

const page = find("#cluster");
const { id } = page.dataset;

waiting(page, "Opening …");
const found = await attempt(page, () => get(`/v1/clusters/${encodeURIComponent(id)}`));
if (found) show(found);

function show(cluster) {
  document.title = `${cluster.caption} | graphinv`;
  // A merged cluster answers as the one that it was merged into: the address says so, too.
  if (cluster.id !== id) history.replaceState(null, "", clusterPage(cluster.id));
  const picture = h("div", {});
  fill(
    page,
    header(cluster),
    h("section", { class: "stack", "aria-labelledby": "network-title" }, h("h2", { id: "network-title" }, "What joins them"), picture),
    h("div", { class: "columns" },
      h("div", { class: "stack" }, profile(cluster), members(cluster), lineage(cluster)),
      h("div", { class: "stack" }, joins(cluster), months(cluster), trade(cluster))),
  ); // prettier-ignore
  draw(picture, cluster);
}

function header(cluster) {
  const standings = Object.entries(cluster.standings).filter(([, number]) => number);
  return h("div", { class: "page-head" }, h("div", {},
    h("h1", {}, cluster.caption),
    h("div", { class: "row" },
      standings.map(([standing, number]) => h("span", { class: "row" }, standingBadge(standing), count(number))),
      h("span", { class: "chip" }, `${cluster.resolution} resolution`),
      h("code", { class: "muted" }, cluster.id)),
    h("p", { class: "small" }, `As of ${day(cluster.as_of)}: clusters are of now, not of past days.`)),
    h("a", { class: "button quiet", href: "/clusters" }, "All clusters")); // prettier-ignore
}

function draw(place, cluster) {
  const view = new NetworkView(place, { expand, href: pageOf, title: `Members of ${cluster.caption}`, filename: "cluster" });
  const members = cluster.parties.map((one) => one.id).filter((one) => cluster.graph.nodes[one]);
  view.show(cluster.graph, { seeds: members });
  if (members.length < cluster.members) view.say(`The first ${count(members.length)} of ${counted(cluster.members, "member")} are drawn`);
}

function profile(cluster) {
  const [low, high] = cluster.seized_interval;
  const { nearest, newest } = cluster;
  const person = (one) => named(one, pageOf(one.id));
  const facts = [
    ["Members", `${counted(cluster.members, "party", "parties")}, ${counted(cluster.identities, "identity", "identities")}`],
    ["Seized share", `${percent(cluster.seized_share)} (${percent(low)} to ${percent(high)} with 95%)`],
    ["Unknown risk", h("span", { title: "The links of unknown members to seizures, added up" }, cluster.unknown_risk.toFixed(2))],
    ["Shipments", cluster.shipments ? `${count(cluster.shipments)}, ${period(cluster.first_seen, cluster.last_seen)}` : "none on record"],
    ["Seizures", count(cluster.seizures)],
    nearest ? ["Nearest to a seizure", h("span", { class: "row" }, person(nearest), `${percent(nearest.strength)} to`, h("a", { href: pageOf(nearest.seized) }, nearest.seized_caption))] : null,
    newest ? ["Newest member", h("span", { class: "row" }, person(newest), `since ${newest.first_seen}`)] : null,
  ];
  return section("Profile", h("dl", { class: "facts" }, facts.filter(Boolean).map(([name, told]) => [h("dt", {}, name), h("dd", {}, told)])));
}

function members(cluster) {
  const row = (one) => [named(one, pageOf(one.id)), standingBadge(one.standing) ?? "", one.first_seen ?? "", percent(one.strength)];
  return section("Members", rows(["Party", "Standing", "First seen", "Best link"], cluster.parties.map(row)), leftOut(cluster.left_out.members, "more member"));
}

function joins(cluster) {
  const row = (one) => [named({ ...one, standing: null }, pageOf(one.id)), kind(one.label), `${count(one.members)} of ${count(one.users)}`, one.weight.toFixed(2)];
  if (!cluster.joined_by.length) return null;
  return section("Shared values, the strongest first", rows(["Value", "Kind", "Members of users", "Weight"], cluster.joined_by.map(row)), leftOut(cluster.left_out.joins, "more shared value"));
}

function months(cluster) {
  const place = h("div", {});
  drawMonths(place, cluster.timeline.map(({ month, ...counts }) => [month, counts]));
  return section("Shipments and seizures by month", place);
}

function trade(cluster) {
  const link = (one) => h("a", { href: pageOf(one) }, one.split(":")[1]);
  const parts = [
    ["Lane", cluster.lanes.map((one) => [h("span", {}, `${one.origin} → `, link(`port:${one.port}`)), count(one.shipments)]), cluster.left_out.lanes, "more lane"],
    ["Commodity (HTS, 6 digits)", cluster.commodities.map((one) => [link(one.id), count(one.shipments)]), cluster.left_out.commodities, "more commodity", "more commodities"],
    ["Port of entry", cluster.ports.map((one) => [link(one.id), count(one.shipments)]), cluster.left_out.ports, "more port"],
  ];
  const told = parts.filter(([, lines]) => lines.length).map(([name, lines, left, ...words]) => [rows([name, "Shipments"], lines), leftOut(left, ...words)]);
  return told.length ? section("Trade", told) : null;
}

function lineage(cluster) {
  const line = (one) => h("li", {}, h("span", { class: "muted small" }, day(one.at)), " ", happened(one), " ", one.others.map((other) => [h("a", { href: clusterPage(other) }, h("code", {}, other)), " "]));
  return section("What became of it", h("ul", { class: "list" }, [...cluster.history].reverse().map(line)));
}

function rows(heads, lines) {
  return h("div", { class: "scroll" }, h("table", { class: "rows" },
    h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))),
    h("tbody", {}, lines.map((cells) => h("tr", {}, cells.map((cell) => h("td", {}, cell))))))); // prettier-ignore
}

function leftOut(number, ...words) {
  return number ? h("p", { class: "muted small" }, `and ${counted(number, ...words)}`) : null;
}

function section(title, ...parts) {
  return h("section", { class: "card", "aria-label": title }, h("h2", {}, title), parts);
}
