// Search results: parties, values and shipments that match some words, narrowed by kind and standing.
import { post } from "./api.js";
import { tellCards } from "./cards.js";
import { fill, find, h } from "./dom.js";
import { pageOf } from "./evidence.js";
import { standingBadge, symbol } from "./look.js";
import { attempt, empty, waiting } from "./messages.js";
import { offerMore } from "./more.js";
import { keepWords, keptWords, looksLikeIdentityNumber } from "./privacy.js";
import { count, counted, kind } from "./words.js";

const place = find("#results");
const more = find("#more");
const summary = find("#summary");
const filters = find("#filters");

const asked = new URLSearchParams(location.search);
if (asked.has("q")) {
  // a link that somebody wrote
  asked.set("kept", keepWords(asked.get("q")));
  asked.delete("q");
  history.replaceState(null, "", `/search?${asked}`);
}
const words = asked.has("kept") ? keptWords(asked.get("kept")) : "";
const isPrivate = looksLikeIdentityNumber(words ?? "");

find("#find-words").value = isPrivate ? "" : (words ?? "");
fill(find("#title"), words ? (isPrivate ? "Search by number" : `“${words}”`) : "Search");
document.title = `${isPrivate || !words ? "Search" : words} | graphinv`;
for (const name of ["type", "standing"]) {
  const chosen = [...filters.elements[name]].find((option) => option.value === (asked.get(name) ?? ""));
  if (chosen) chosen.checked = true;
}
filters.hidden = isPrivate || words === null;
filters.addEventListener("change", () => {
  for (const name of ["type", "standing"]) {
    const chosen = filters.elements[name].value;
    if (chosen) asked.set(name, chosen);
    else asked.delete(name);
  }
  history.replaceState(null, "", `/search?${asked}`);
  search();
});

let running = null;
if (words === null) tellForgotten();
else if (isPrivate) searchByNumber();
else search();

async function search() {
  running?.abort();
  const mine = (running = new AbortController());
  fill(more);
  fill(summary);
  waiting(place, "Searching …");
  const page = await attempt(place, () => ask(null, mine.signal));
  if (!page || mine.signal.aborted) return;
  if (!page.items.length) return nothing();
  const list = h("ul", {}, page.items.map(hit));
  fill(place, list);
  offerMore(more, list, page, { ask, row: hit, tell, added: tellMore });
  tellMore([...list.children]);
}

function ask(cursor, signal) {
  return post("/v1/pages/search", { q: words, type: asked.get("type") ?? "", standing: asked.get("standing"), cursor }, signal);
}

function tell(shown, page) {
  fill(summary, page.total === null || page.total === undefined ? (page.next ? `The first ${count(shown)}` : counted(shown, "result")) : `${count(shown)} of ${counted(page.total, "result")}`);
}

/** One line; its quick facts come from `tellMore` a moment later. */
function hit(item) {
  const facts = [kind(item.label), item.country, item.parties > 1 ? `used by ${counted(item.parties, "party", "parties")}` : null];
  return h("li", { "data-id": item.id }, h("a", { class: "hit", href: pageOf(item.id) },
    symbol(item.label, item.standing, 36),
    h("b", {}, item.caption),
    h("span", { class: "quick" }, facts.filter(Boolean).join(" · ")),
    h("span", { class: "side" }, standingBadge(item.standing)))); // prettier-ignore
}

/** Quick facts of these lines; a store that does not answer leaves them as they are. */
async function tellMore(lines) {
  const cards = await tellCards(lines.map((line) => line.dataset.id));
  for (const line of lines) {
    const card = cards[line.dataset.id];
    if (card) fill(find(".quick", line), quickFacts(card).join(" · "));
  }
}

function quickFacts({ label, properties }) {
  return [
    kind(label),
    properties.country,
    properties.platform ? `${properties.platform} ${properties.seller_id}` : properties.number,
    properties.dba ? `doing business as ${properties.dba}` : null,
    properties.provisional ? "a consignee without a number of its own" : null,
    properties.shipments ? counted(properties.shipments, "shipment") : null,
    properties.parties > 1 ? `used by ${counted(properties.parties, "party", "parties")}` : null,
    properties.first_seen ? `first seen ${properties.first_seen}` : null,
    properties.seized_on ? `on ${properties.seized_on}` : null,
  ].filter(Boolean);
}

function nothing() {
  const narrowed = asked.get("type") || asked.get("standing");
  fill(summary, "No results");
  fill(place, empty(words ? `Nothing here matches “${words}”` : "Nothing here fits",
    narrowed ? "Choose All and Any standing to search everything." : "Fewer words find more; numbers may be written in any spelling.",
    h("span", {}, "A party that is not on record can still be ", h("a", { href: "/lookup" }, "looked up"), ": its phone or address may be."))); // prettier-ignore
}

function tellForgotten() {
  fill(place, empty("What was searched for is not known here",
    "Words of a search stay in the tab where they were typed, and in no address. Please search again.")); // prettier-ignore
}

/** Identity numbers go in the body of a look-up, whose candidates are the parties that have the number. */
async function searchByNumber() {
  waiting(place, "Searching …");
  const answer = await attempt(place, () => post("/v1/links/lookup", { queries: { number: { importer_number: words } }, paths: 0, limit: 20 }));
  if (!answer) return;
  const { candidates } = answer.responses.number;
  if (!candidates.length) return nothingByNumber();
  fill(summary, `${counted(candidates.length, "party", "parties")} with this number. It was sent in a request's body and stands in no address.`);
  const list = h("ul", {}, candidates.map((item) => hit({ ...item, label: item.id.startsWith("seller:") ? "Seller" : "Importer" })));
  fill(place, list);
  tellMore([...list.children]);
}

function nothingByNumber() {
  fill(summary, "No results");
  fill(place, empty("No party here has this importer number", "Check its digits, or search by name or phone."));
}
