// Rows of a query as a table: entities link to their pages, columns sort, the whole is kept as CSV.
import { post, saveText } from "../api.js";
import { tellCards } from "../cards.js";
import { fill, h } from "../dom.js";
import { pageOf } from "../evidence.js";
import { icon } from "../icons.js";
import { named, verb } from "../look.js";
import { empty, problemBox, waiting } from "../messages.js";
import { counted, spaced, value } from "../words.js";

/** A cell that begins so is a formula to spreadsheets. */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/;
const TYPE = /^[A-Z]+(_[A-Z]+)+$/;
const CAPTIONS_AT_ONCE = 50;

/** Ask `path` and show the rows in `place`. `refused(problem)` may draw an error of its own. */
export async function run(place, path, body, filename, refused = () => null) {
  waiting(place, "Running …");
  let answer;
  try {
    answer = await post(path, body);
  } catch (problem) {
    fill(place, refused(problem) ?? problemBox(problem));
    return;
  }
  show(place, answer, filename);
  place.focus({ preventScroll: true });
}

function show(place, answer, filename) {
  if (!answer.rows.length) {
    fill(place, h("div", { class: "card" }, empty("No rows", "The query ran and found nothing. Wider parameters find more.")));
    return;
  }
  const captions = new Map();
  const table = h("div", { class: "scroll results", tabindex: 0, role: "region", "aria-label": "Rows" });
  const sorting = { column: null, down: false };
  const draw = () => fill(table, rowsTable(answer, captions, sorting, draw));
  draw();
  fill(
    place,
    h("section", { class: "card" },
      h("div", { class: "row answer-head" },
        h("h2", {}, counted(answer.rows.length, "row"), answer.truncated ? h("span", { class: "muted" }, " and more: raise the limit or narrow the parameters") : null),
        h("span", { class: "muted small" }, `${value(Math.round(answer.took_ms))} ms`),
        h("button", { type: "button", class: "quiet", on: { click: () => saveText(csv(answer), `${filename}.csv`, "text/csv") } }, icon("download"), "CSV")),
      table),
  ); // prettier-ignore
  nameEntities(answer, captions, draw);
}

function rowsTable(answer, captions, sorting, draw) {
  const press = (i) => () => {
    Object.assign(sorting, { column: i, down: sorting.column === i && !sorting.down });
    draw();
  };
  const rows = sorting.column === null ? answer.rows : [...answer.rows].sort(by(sorting));
  return h(
    "table",
    { class: "rows" },
    h("thead", {}, h("tr", {}, answer.columns.map((column, i) => h("th", { scope: "col", class: numeric(column) ? "number" : null, "aria-sort": sorting.column === i ? (sorting.down ? "descending" : "ascending") : null }, h("button", { type: "button", on: { click: press(i) } }, column.label || spaced(column.name)))))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map((given, i) => cell(given, answer.columns[i], captions))))),
  );
}

function cell(given, column, captions) {
  if (column.type === "entity" && given) {
    const node = captions.get(given) ?? { label: "", caption: given, standing: null };
    return h("td", {}, captions.has(given) ? named(node, pageOf(given)) : h("a", { class: "mono", href: pageOf(given) }, given));
  }
  return h("td", { class: numeric(column) ? "number" : null }, column.type === "date" ? given : shown(given));
}

/** Lists of relationship types read as words. */
const shown = (given) => (Array.isArray(given) ? given.map((item) => (TYPE.test(item) ? verb(item, true) : value(item))).join(", ") : value(given));

const numeric = (column) => column.type === "integer" || column.type === "number";

function by({ column, down }) {
  const order = (a, b) => {
    if (a === null || b === null) return (a === null) - (b === null);
    return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
  };
  return (a, b) => (down ? order(b[column], a[column]) : order(a[column], b[column]));
}

/** Symbols and captions for the first ids; the others stay ids. A store that does not answer changes nothing. */
async function nameEntities(answer, captions, draw) {
  const ids = (answer.entities ?? []).slice(0, CAPTIONS_AT_ONCE);
  if (!ids.length) return;
  for (const [id, node] of Object.entries(await tellCards(ids))) captions.set(id, node);
  draw();
}

function csv({ columns, rows }) {
  const quoted = (given) => {
    const text = given === null || given === undefined ? "" : Array.isArray(given) ? given.join("; ") : typeof given === "object" ? JSON.stringify(given) : String(given);
    const safe = typeof given === "string" && FORMULA.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [columns.map((column) => column.name), ...rows].map((row) => row.map(quoted).join(",")).join("\r\n") + "\r\n";
}
