// The list of clusters, narrowed by what they hold; the choice stays in the address.
import { get } from "./api.js";
import { fill, find, h } from "./dom.js";
import { clusterPage } from "./cluster/words.js";
import { symbol } from "./look.js";
import { attempt, empty, waiting } from "./messages.js";
import { offerMore } from "./more.js";
import { count, counted, kind, percent, period } from "./words.js";

const NAMES = ["seized", "min_size", "resolution"];
const place = find("#results");
const more = find("#more");
const summary = find("#summary");
const filters = find("#filters");

const asked = new URLSearchParams(location.search);
for (const name of NAMES) {
  const chosen = [...filters.elements[name]].find((option) => option.value === (asked.get(name) ?? ""));
  if (chosen) chosen.checked = true;
}
filters.addEventListener("change", () => {
  for (const name of NAMES) {
    const chosen = filters.elements[name].value;
    if (chosen) asked.set(name, chosen);
    else asked.delete(name);
  }
  history.replaceState(null, "", asked.size ? `/clusters?${asked}` : "/clusters");
  list();
});

let running = null;
list();

async function list() {
  running?.abort();
  const mine = (running = new AbortController());
  fill(more);
  fill(summary);
  waiting(place);
  const page = await attempt(place, () => ask(null, mine.signal));
  if (!page || mine.signal.aborted) return;
  if (!page.items.length) return nothing();
  if (String(asked).startsWith("member=") && asked.size === 1) return location.replace(clusterPage(page.items[0].id));
  const rows = h("ul", {}, page.items.map(hit));
  fill(place, rows);
  offerMore(more, rows, page, { ask, row: hit, tell });
}

function ask(cursor, signal) {
  const wanted = Object.fromEntries([...NAMES, "member"].map((name) => [name, asked.get(name)]));
  return get("/v1/clusters", { ...wanted, cursor }, signal);
}

function tell(shown, page) {
  fill(summary, `${count(shown)} of ${counted(page.total, "cluster")}`);
}

function hit(item) {
  const { seized } = item.standings;
  const facts = [
    item.nearest ? `${item.nearest.caption} is linked to ${item.nearest.seized_caption} (${percent(item.nearest.strength)})` : null,
    item.shipments ? `${counted(item.shipments, "shipment")}, ${period(item.first_seen, item.last_seen)}` : null,
    item.joined_by.length ? `joined by ${item.joined_by.map((one) => `${kind(one.label).toLowerCase()} ${one.caption}`).join(", ")}` : null,
  ];
  return h("li", {}, h("a", { class: "hit", href: clusterPage(item.id) },
    symbol(item.nearest?.label ?? item.newest?.label ?? "Importer", seized ? "seized" : null, 36),
    h("b", {}, item.caption),
    h("span", { class: "quick" }, facts.filter(Boolean).join(" · ")),
    h("span", { class: "side" },
      h("span", { class: "chip" }, counted(item.members, "member")),
      seized ? h("span", { class: "chip warn" }, `${count(seized)} seized`) : null,
      h("span", { class: "chip", title: "Unknown risk: the links of unknown members to seizures, added up" }, `risk ${item.unknown_risk.toFixed(2)}`)))); // prettier-ignore
}

function nothing() {
  fill(summary, "No clusters");
  if (asked.get("member")) return fill(place, empty("This party is in no cluster here", "It shares nothing with others but hubs, or too little: coarse clusters hold what is tied more weakly."));
  const narrowed = NAMES.some((name) => asked.get(name));
  const hint = narrowed ? "Choose All, Any size and Middle to see every cluster." : "Clusters come with a load: parties that share nothing, or only hubs, belong to none.";
  fill(place, empty(narrowed ? "No cluster here fits" : "There are no clusters yet", hint));
}
