// Paths as people read them: the sentence, then one card a hop with what it rests on.
import { entityPath, post } from "./api.js";
import { fill, h, svg } from "./dom.js";
import { named, verb } from "./look.js";
import { attempt, waiting } from "./messages.js";
import { category, counted, day, field, percent, period, record, spaced, value } from "./words.js";

/** A record's key may be an importer number, which must not stand in an address: those records are named only. */
const SHOWN = /^(shipments|sellers|seizures|inspections|watchlist):/;

/** The page of a node; null where it has none. */
export const pageOf = (id) => (id.startsWith("query:") ? null : `/entities/${entityPath(id)}`);

/** One card for each edge of a path, in walking order, and one for the seizure at its end. */
export function hopCards(path, evidence, graph, seizure = null) {
  const edges = new Map(graph.edges.map((edge) => [edge.id, edge]));
  const pieces = new Map(evidence.map((piece) => [piece.edge, piece]));
  const cards = path.edges.map((id, i) =>
    hopCard(i + 1, graph, [path.nodes[i], path.nodes[i + 1]], edges.get(id), pieces.get(id)),
  );
  return h("ol", { class: "hops" }, cards, seizure ? seizureCard(seizure) : null);
}

/** How sure a source is: a bar and the number. */
export function confidence(share) {
  const bar = svg("svg", { class: "confidence", viewBox: "0 0 54 5", width: 54, height: 5, "aria-hidden": "true" }, svg("rect", { width: 54 * share, height: 5, rx: 2.5, fill: "var(--path)" }));
  return h("span", {}, bar, percent(share));
}

/** Record ids; those that may be asked for open the row as it was written. */
export function recordList(ids) {
  return h("span", { class: "records" }, ids.map((id) => (SHOWN.test(id) ? recordButton(id) : h("code", {}, record(id)))));
}

function hopCard(number, graph, [from, to], edge, piece) {
  const node = (id) => named(graph.nodes[id] ?? { label: "", caption: id, standing: null }, pageOf(id));
  const words = edge ? verb(edge.type, edge.source === from) : "is linked to";
  const seen = piece ? period(piece.first_seen, piece.last_seen) : "";
  const facts = piece
    ? [
        ["Claim", `${spaced(piece.claim)}: ${piece.value}`],
        piece.shared_by > 1 ? ["Shared by", `${counted(piece.shared_by, "party", "parties")}${rarity(piece.shared_by)}`] : null,
        ["Records", recordList(piece.records)],
        seen ? ["Seen", seen] : null,
        ["Confidence", confidence(piece.confidence)],
      ].filter(Boolean)
    : [];
  return h(
    "li",
    { class: piece && piece.confidence < 0.75 ? "hop unsure" : "hop" },
    h("p", { class: "hop-line" }, h("span", { class: "unseen" }, `Step ${number}: `), node(from), h("span", { class: "verb" }, words), node(to)),
    h("dl", { class: "facts" }, facts.map(([name, given]) => [h("dt", {}, name), h("dd", {}, given)])),
  );
}

/** Few users make a strong link, many a weak one. */
function rarity(users) {
  if (users <= 3) return " (rare: says much)";
  return users > 25 ? " (a hub: says little)" : "";
}

function seizureCard(seizure) {
  const goods = [seizure.commodity, seizure.category && `(${category(seizure.category)})`].filter(Boolean).join(" ");
  return h(
    "li",
    { class: "hop end" },
    h("p", { class: "hop-line" }, named({ label: "Seizure", caption: `Seizure of ${day(seizure.seized_on)}`, standing: null }, pageOf(seizure.id))),
    h("dl", { class: "facts" },
      goods ? [h("dt", {}, "Goods"), h("dd", {}, goods)] : null,
      seizure.shipment_id ? [h("dt", {}, "Shipment"), h("dd", {}, h("a", { href: pageOf(`shipment:${seizure.shipment_id}`) }, seizure.shipment_id))] : null),
  ); // prettier-ignore
}

function recordButton(id) {
  return h("button", { type: "button", class: "bare record", title: "Show the row", on: { click: () => showRecord(id) } }, h("code", {}, id));
}

/** The rows of a record, newest version first, in a dialog. */
async function showRecord(id) {
  const body = h("div", { class: "stack" });
  const close = h("button", { type: "button", class: "quiet", on: { click: () => dialog.close() } }, "Close");
  const dialog = h("dialog", { class: "record-dialog", "aria-label": `Record ${id}` }, h("h2", {}, h("code", {}, id)), body, h("div", { class: "row end" }, close));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  waiting(body);
  dialog.showModal();
  const found = await attempt(body, () => post("/v1/records", { id }));
  if (found) fill(body, found.versions.map(versionOf));
}

function versionOf(version, i, all) {
  return h(
    "section",
    {},
    h("p", { class: "muted small" }, `${i === 0 && all.length > 1 ? "Newest of " + counted(all.length, "version") + ", known" : "Known"} since ${value(version.known_at)}`),
    h("dl", { class: "facts" }, Object.entries(version.values).map(([name, given]) => [h("dt", {}, field(name)), h("dd", {}, given)])),
  );
}
