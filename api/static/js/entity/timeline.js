// Shipments and seizures of a party by month, as bars; the numbers also stand in a table for screen readers.
import { entityPath, get } from "../api.js";
import { fill, h, svg } from "../dom.js";
import { attempt, waiting } from "../messages.js";
import { counted } from "../words.js";

const MOST = 200;
const [WIDTH, HEIGHT, FOOT] = [560, 96, 18];

/** Fill `place` with the months of a party's newest shipments and its seizures. */
export async function timeline(place, node) {
  waiting(place);
  const page = await attempt(place, () => get(`/v1/entities/${entityPath(node.id)}/neighbours`, { types: "Shipment,Seizure", limit: MOST }));
  if (!page) return;
  const dated = page.items.map((item) => ({ seizure: item.label === "Seizure", month: (item.edge.last_seen ?? item.edge.first_seen ?? "").slice(0, 7) })).filter((item) => item.month);
  drawMonths(place, byMonth(dated));
  if (page.next) place.append(h("p", { class: "muted small" }, `The newest ${MOST} shipments are drawn.`));
}

/** Fill `place` with months, each `[month, { shipments, seizures }]`, in order; months between them may be missing. */
export function drawMonths(place, given) {
  if (!given.length) return fill(place, h("p", { class: "muted" }, "No shipments or seizures are on record."));
  const counts = new Map(given);
  const months = [];
  for (let month = given[0][0]; month <= given.at(-1)[0]; month = after(month)) months.push([month, counts.get(month) ?? { shipments: 0, seizures: 0 }]);
  return fill(place, h("div", { class: "timeline" }, bars(months), key(months)), table(months));
}

/** The months in which something happened, with their counts. */
function byMonth(dated) {
  const months = new Map(dated.map((item) => item.month).sort().map((month) => [month, { shipments: 0, seizures: 0 }]));
  for (const { month, seizure } of dated) months.get(month)[seizure ? "seizures" : "shipments"] += 1;
  return [...months];
}

function after(month) {
  const [year, number] = month.split("-").map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, "0")}`;
}

function bars(months) {
  const step = WIDTH / Math.max(months.length, 12);
  const tallest = Math.max(...months.map(([, { shipments }]) => shipments), 1);
  const ground = HEIGHT - FOOT;
  const bar = ([month, { shipments, seizures }], i) => {
    const height = (shipments / tallest) * (ground - 18);
    const x = i * step;
    return svg("g", {},
      svg("title", {}, `${month}: ${counted(shipments, "shipment")}${seizures ? `, ${counted(seizures, "seizure")}` : ""}`),
      svg("rect", { x, y: 0, width: step, height: ground, fill: "transparent" }),
      shipments ? svg("rect", { class: "bar-shipments", x: x + step * 0.12, y: ground - height, width: step * 0.76, height, rx: Math.min(2, step / 4) }) : null,
      seizures ? svg("path", { class: "mark-seizure", d: `M${x + step / 2 - 6} ${ground - height - 4}l6 -10l6 10z` }) : null); // prettier-ignore
  };
  const years = months.map(([month], i) => [month, i]).filter(([month, i]) => month.endsWith("-01") || i === 0);
  const spaced = years.filter(([, i], at) => at === 0 || (i - years[at - 1][1]) * step > 46 || at > 1);
  return svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `Months from ${months[0][0]} to ${months.at(-1)[0]}; the numbers stand in the table that follows.` },
    svg("line", { class: "ground", x1: 0, x2: WIDTH, y1: ground + 0.5, y2: ground + 0.5 }),
    months.map(bar),
    spaced.map(([month, i]) => svg("text", { x: i * step + 1, y: HEIGHT - 4 }, month.endsWith("-01") ? month.slice(0, 4) : month)),
  );
}

function key(months) {
  const [shipments, seizures] = ["shipments", "seizures"].map((name) => months.reduce((sum, [, counts]) => sum + counts[name], 0));
  const mark = svg("svg", { viewBox: "0 0 12 10", width: 12, height: 10, "aria-hidden": "true" }, svg("path", { class: "mark-seizure", d: "M0 10l6 -10l6 10z" }));
  const box = svg("svg", { viewBox: "0 0 10 10", width: 10, height: 10, "aria-hidden": "true" }, svg("rect", { class: "bar-shipments", width: 10, height: 10, rx: 2 }));
  return h("p", { class: "row small muted" }, box, counted(shipments, "shipment"), mark, counted(seizures, "seizure"));
}

function table(months) {
  const full = months.filter(([, { shipments, seizures }]) => shipments || seizures);
  return h("table", { class: "unseen" },
    h("caption", {}, "Shipments and seizures by month"),
    h("thead", {}, h("tr", {}, ["Month", "Shipments", "Seizures"].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, full.map(([month, { shipments, seizures }]) => h("tr", {}, h("th", { scope: "row" }, month), h("td", {}, shipments), h("td", {}, seizures))))); // prettier-ignore
}
