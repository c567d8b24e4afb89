// One alert: who is linked to whom, how surely, what changed, what was decided; opened, its evidence and history.
import { clusterOf } from "../cluster/words.js";
import { confidence, pageOf, recordList } from "../evidence.js";
import { h } from "../dom.js";
import { named } from "../look.js";
import { category, day, period, spaced, value } from "../words.js";
import { WORDS } from "./decide.js";

const LABELS = { importer: "Importer", seller: "Seller", shipper: "Shipper", watchlist: "WatchlistEntry" };
const VERBS = { seizure: "is linked to", order: "is like", identity: "is probably" };

/** The card in the list; `does` has what its buttons call. */
export function card(alert, does) {
  const { told } = alert;
  const buttons = Object.entries(WORDS).filter(([status]) => status !== alert.status);
  return h(
    "li",
    { class: "card alert", tabindex: "0", "data-id": alert.id, "aria-label": `${told.party.caption}, ${alert.status}` },
    h("div", { class: "alert-head" },
      party(told.party, null), h("span", { class: "verb" }, VERBS[alert.kind] ?? VERBS.seizure),
      party(told.target, alert.kind === "order" ? null : "seized"),
      h("span", { class: "side" }, h("span", { title: "Strength of the link" }, confidence(told.strength)), h("span", { class: `status status-${alert.status}` }, spaced(alert.status)))),
    h("p", { class: "sentence" }, told.sentence),
    h("div", { class: "changes" }, alert.changes.map((change) => h("span", { class: "chip" }, h("b", {}, spaced(change.kind)), change.detail))),
    decision(alert),
    h("div", { class: "row" },
      buttons.map(([status, words]) => h("button", { type: "button", class: "quiet", "aria-keyshortcuts": words.key, on: { click: () => does.decide(status) } }, words.does)),
      h("button", { type: "button", class: "bare", on: { click: does.open } }, "Evidence and history")),
    h("div", { class: "more", hidden: true }),
  ); // prettier-ignore
}

/** What an opened card holds. */
export function details({ alert, history }) {
  const { told } = alert;
  const goods = told.seizure && [told.seizure.commodity, told.seizure.category && `(${category(told.seizure.category)})`].filter(Boolean).join(" ");
  return [
    h("dl", { class: "facts" },
      told.evidence.map((piece) => [h("dt", {}, spaced(piece.claim)), h("dd", {}, piece.value, " ", recordList(piece.records), " ", h("span", { class: "muted" }, period(piece.first_seen, piece.last_seen)))]),
      told.seizure ? [h("dt", {}, "Seizure"), h("dd", {}, h("a", { href: pageOf(told.seizure.id) }, day(told.seizure.seized_on)), ` ${goods ?? ""}`)] : null),
    h("p", {}, h("a", { href: clusterOf(told.party.id, LABELS[told.party.id.split(":")[0]]) }, `The cluster of ${told.party.caption}`)),
    told.also.length ? h("div", {}, h("h3", {}, "Other paths"), h("ul", { class: "list" }, told.also.map((sentence) => h("li", {}, sentence)))) : null,
    h("div", { class: "scroll" }, h("table", { class: "rows" },
      h("thead", {}, h("tr", {}, ["When", "What", "Status", "Who", "Why"].map((name) => h("th", {}, name)))),
      h("tbody", {}, history.map((event) => h("tr", {},
        h("td", {}, value(event.at)), h("td", {}, spaced(event.kind)), h("td", {}, spaced(event.status)), h("td", {}, event.who ?? ""),
        h("td", {}, event.why ?? event.changes.map((change) => `${spaced(change.kind)}: ${change.detail}`).join("; "))))))),
  ].filter(Boolean); // prettier-ignore
}

function decision({ note, disposition, status }) {
  if (note) return h("p", { class: "decided" }, `Withdrawn: ${note}`);
  if (!disposition || disposition.status !== status) return null;
  return h("p", { class: "decided" }, `${spaced(status)} by ${disposition.who} on ${day(disposition.at)}: ${disposition.why}`);
}

function party({ id, caption }, standing) {
  return named({ label: LABELS[id.split(":")[0]] ?? "", caption, standing }, pageOf(id));
}
