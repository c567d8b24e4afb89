// The home page: what the workspace holds, or the one command that fills it.
import { get } from "./api.js";
import { fill, find, h } from "./dom.js";
import { icon } from "./icons.js";
import { symbol } from "./look.js";
import { attempt, waiting } from "./messages.js";
import { count, day, kind, value } from "./words.js";

const holds = find("#holds");
for (const place of document.querySelectorAll("[data-icon]")) fill(place, icon(place.dataset.icon, 22));

waiting(holds);
const found = await attempt(holds, async () => {
  const health = await get("/v1/health");
  return { health, counts: health.index ? await get("/v1/pages/summary") : null };
});
if (found?.counts) showCounts(found.counts, found.health);
else if (found) showEmpty();

function showCounts({ labels, standings }, health) {
  const seized = standings?.seized ?? 0;
  const figure = (label, note) =>
    h("div", { class: "figure" }, symbol(label, null, 40), h("p", {}, h("b", {}, count(labels[label])), h("span", { class: "muted" }, kind(label, labels[label] !== 1).toLowerCase()), note ? h("span", { class: "muted small note" }, note) : null));
  fill(
    holds,
    h("div", { class: "figures" }, figure("Importer"), figure("Seller"), figure("Shipment"), figure("Seizure", seized ? `from ${count(seized)} parties` : null)),
  );
  const { epoch, as_of, built_at } = health.index;
  fill(find("#as-of"), `Knowledge as of ${day(as_of)}. Link index: epoch ${epoch}, built ${value(built_at)}. `,
    health.status === "degraded" ? "Some records wait for the next index, or the graph store is away: look-ups go on." : ""); // prettier-ignore
}

function showEmpty() {
  fill(
    holds,
    h("div", { class: "card empty" },
      h("p", { class: "empty-title" }, "This workspace holds no records yet"),
      h("p", {}, "Load a folder of feeds (importers, shipments, sellers, seizures …) with one command:"),
      h("pre", { class: "code" }, "graphinv load FOLDER"),
      h("p", {}, "Nothing at hand? ", h("code", {}, "graphinv demo"), " invents a world and loads it.")),
  ); // prettier-ignore
}
