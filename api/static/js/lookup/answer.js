// The answer to one look-up: verdict, links with their evidence, candidates, what was missing, what was left out.
import { clusterOf } from "../cluster/words.js";
import { tellCards } from "../cards.js";
import { fill, h } from "../dom.js";
import { hopCards, pageOf, recordList } from "../evidence.js";
import { icon } from "../icons.js";
import { named, standingBadge } from "../look.js";
import { empty } from "../messages.js";
import { counted, day, field, notCounted, percent, spaced, value } from "../words.js";
import { scoreScale } from "./score.js";

const BANDS = {
  none: "Nothing found", low: "Low", review: "Worth a review", high: "High",
}; // prettier-ignore
const STATUS = {
  truncated: "The search was cut short at its limits: there may be more links than these.",
  timed_out: "The search ran out of time: there may be more links than these.",
  degraded: "Part of the data was not available: there may be more links than these.",
};
const STAND_INS = {
  links: "Outcomes are too few to learn from: links and watch lists alone made this number.",
  seizures: "Too little was inspected: this number was learned from seizures.",
  targeted_inspections: "Too few inspections at random have checked this number.",
};
const TIERS = { full_entry: "full entry", advance_data: "advance data", low_value: "low value", minimal: "minimal" };

/** The score, how sure it is, and what it is made of. */
export function verdict(answer, whole) {
  const band = h("span", { class: `band band-${answer.band}` }, answer.band === "high" || answer.band === "review" ? icon("triangle-alert") : null, BANDS[answer.band] ?? spaced(answer.band));
  const [low, high] = answer.interval;
  return h(
    "section",
    { class: "card", "aria-labelledby": "verdict-title" },
    h("h2", { id: "verdict-title", class: "unseen" }, "Score"),
    h("div", { class: "verdict" },
      h("div", {}, h("p", { class: "score" }, percent(answer.score)), h("p", { class: "muted small" }, `between ${percent(low)} and ${percent(high)}`)),
      h("div", { class: "stack tight" }, h("div", { class: "row" }, band, standingBadge(answer.standing), h("span", { class: "chip" }, `${counted(answer.links.length, "link")} to seized parties`)), scoreScale(answer.score, answer.interval))),
    answer.calibrated ? null : h("p", { class: "uncalibrated" }, h("span", { class: "chip warn" }, icon("info"), "Not calibrated yet"), ` ${STAND_INS[answer.stand_in] ?? ""} Read it as an order (higher is more telling), not as a probability.`),
    terms(answer.terms),
    notes(answer),
    h("p", { class: "muted small answer-foot" }, `Knowledge as of ${day(whole.as_of)}, index epoch ${whole.index.epoch}, answered in ${value(Math.round(whole.took_ms * 10) / 10)} ms.`),
  ); // prettier-ignore
}

/** Links as sentences. `choose(link)` lets a path stand out in the network. */
export function linkCards(answer, graph, choose) {
  if (!answer.links.length) {
    const why = answer.status === "complete" ? "The search was complete: nothing on record leads from what was given to a seizure." : STATUS[answer.status];
    return h("section", { class: "card" }, h("h2", {}, "Links to seizures"), empty("No link found", why));
  }
  const cards = answer.links.map((link, i) => linkCard(link, i, graph));
  cards.forEach(({ card, head }, i) => {
    const pick = () => {
      cards.forEach((other) => other.card.classList.toggle("chosen", other.card === card));
      cards.forEach((other) => other.head.setAttribute("aria-pressed", String(other.card === card)));
      choose(answer.links[i]);
    };
    head.addEventListener("click", pick);
  });
  return h("section", { class: "stack", "aria-labelledby": "links-title" }, h("h2", { id: "links-title" }, "Links to seizures"), cards.map(({ card }) => card));
}

/** Parties on record that the asked one may be, each with the comparisons made. */
export function candidates(answer) {
  if (!answer.candidates.length) return null;
  const list = h("ul", { class: "list" }, answer.candidates.map(candidate));
  tellCards(answer.candidates.map(({ id }) => id)).then((cards) => {
    answer.candidates.forEach(({ id }, i) => cards[id] && list.children[i].querySelector(".named").replaceWith(named(cards[id], pageOf(id))));
  });
  return h(
    "section",
    { class: "card", "aria-labelledby": "candidates-title" },
    h("h2", { id: "candidates-title" }, "Who it may be"),
    h("p", { class: "muted" }, "Parties on record that resemble the one asked about, with what speaks for and against."),
    list,
  );
}

/** What was given, what was not, and how that would help. */
export function completeness({ completeness: { tier, given, missing_help } }) {
  return h(
    "section",
    { class: "card", "aria-labelledby": "completeness-title" },
    h("h2", { id: "completeness-title" }, "What would make it surer"),
    h("p", { class: "muted" }, `Given: ${given.map((name) => field(name).toLowerCase()).join(", ") || "nothing"}. Completeness: ${TIERS[tier] ?? spaced(tier)}.`),
    missing_help.length ? h("dl", { class: "facts" }, missing_help.map((item) => [h("dt", {}, field(item.field)), h("dd", {}, `${item.why.charAt(0).toUpperCase()}${item.why.slice(1)}.`)])) : null,
  );
}

/** Hubs that were left out, and likenesses to watch lists. */
export function asides({ suppressed, watchlist }) {
  return [
    watchlist.length ? h("section", { class: "card" }, h("h2", {}, "Watch lists"), h("ul", { class: "list" }, watchlist.map(hitOnList))) : null,
    suppressed.paths || suppressed.hubs.length
      ? h("section", { class: "card" },
          h("h2", {}, "Left out"),
          h("p", { class: "muted" }, leftOut(suppressed)),
          hubList(suppressed.hubs))
      : null,
  ]; // prettier-ignore
}

function linkCard(link, i, graph) {
  const head = h("button", { type: "button", class: "sentence", "aria-pressed": String(i === 0) }, `${link.sentence}.`);
  const card = h(
    "article",
    { class: i === 0 ? "card link-card chosen" : "card link-card" },
    head,
    h("p", { class: "link-meta" },
      h("span", { class: "chip", title: "How probable it is that the path joins the same hands" }, `Strength ${percent(link.strength)}`),
      h("span", { class: "chip" }, link.hops ? counted(link.hops, "step") : "The party itself"),
      h("a", { class: "chip", href: pageOf(link.party.id) }, link.party.caption)),
    h("details", { class: "fold", open: i === 0 }, h("summary", {}, "What each step rests on"), hopCards(link.path, link.evidence, graph, link.seizure)),
  ); // prettier-ignore
  return { card, head };
}

function terms(list) {
  if (!list.length) return null;
  const largest = Math.max(...list.map((term) => Math.abs(term.added)), 1e-9);
  const row = ({ claim, added, detail }) => {
    const bar = h("progress", { class: added < 0 ? "term-bar less" : "term-bar", max: 1, "aria-hidden": "true" });
    bar.value = Math.abs(added) / largest;
    return h("li", { class: "term" },
      h("div", {}, h("span", { class: "term-added", title: `${added} in log-odds` }, `${added < 0 ? "÷" : "×"} ${value(Number(Math.exp(Math.abs(added)).toPrecision(2)))} odds`), bar),
      h("p", {}, h("b", {}, spaced(claim)), detail ? h("span", { class: "muted" }, `: ${detail}`) : null)); // prettier-ignore
  };
  return h("div", { class: "terms" }, h("h3", {}, "What made the score"), h("ul", { class: "list" }, list.map(row)));
}

function notes(answer) {
  const said = [STATUS[answer.status], ...answer.notes, ...answer.number_used.map(notCounted)].filter(Boolean);
  return said.length ? h("ul", { class: "notes" }, said.map((note) => h("li", {}, icon("info"), h("span", {}, note)))) : null;
}

function candidate({ id, caption, score, match, reasons }) {
  const label = id.startsWith("seller:") ? "Seller" : id.startsWith("shipper:") ? "Shipper" : "Importer";
  return h(
    "li",
    { class: "candidate" },
    h("div", { class: "row" }, named({ label, caption, standing: null }, pageOf(id)), h("span", { class: "chip" }, `${percent(score)} alike`), match ? h("span", { class: "chip" }, icon("check", 14), "The same party") : null, h("a", { class: "chip", href: clusterOf(id, label) }, "Its cluster")),
    h("ul", {}, reasons.map(reason)),
  );
}

function reason({ feature, weight, query, candidate: theirs, detail }) {
  const same = query === theirs;
  return h("li", { class: "reason" },
    h("span", { class: weight > 0 ? "for" : "against", "aria-label": weight > 0 ? "for" : "against" }, weight > 0 ? "+" : "−"),
    h("span", {}, h("b", {}, spaced(feature)), same ? `: ${query}` : [": ", h("q", {}, query), " beside ", h("q", {}, theirs)]),
    h("span", { class: "muted", title: "Match weight in bits" }, Math.abs(weight).toFixed(1)),
    detail ? h("small", {}, detail) : null); // prettier-ignore
}

function hitOnList(hit) {
  return h("li", {},
    h("div", { class: "row" }, named({ label: "WatchlistEntry", caption: hit.caption, standing: null }, pageOf(hit.id)), h("span", { class: "chip" }, hit.list), h("span", { class: "chip" }, `${percent(hit.score)} alike`), hit.in_force ? null : h("span", { class: "chip" }, "No longer in force")),
    h("p", { class: "muted small" }, hit.reason, hit.reference_url ? [" ", h("a", { href: hit.reference_url, rel: "noreferrer noopener", target: "_blank" }, "Where it is published")] : null),
    recordList(hit.records)); // prettier-ignore
}

function leftOut({ paths, hubs }) {
  const why = "so many parties use that sharing it says nothing";
  return paths ? `${counted(paths, "path")} through ${hubs.length === 1 ? "a value" : "values"} which ${why}.` : `A value which ${why} was not followed.`;
}

/** Hubs by id at first, then by name; a store that does not answer leaves the ids. */
function hubList(hubs) {
  const list = h("ul", { class: "list" }, hubs.map((id) => h("li", {}, h("a", { href: pageOf(id) }, id))));
  tellCards(hubs).then((cards) => {
    hubs.forEach((id, i) => cards[id] && fill(list.children[i], named(cards[id], pageOf(id)), users(cards[id])));
  });
  return list;
}

function users({ properties: { parties } }) {
  return parties ? h("span", { class: "muted small" }, ` used by ${counted(parties, "party", "parties")}`) : null;
}
