// The network as a table: everything the canvas shows, for keyboards and screen readers. Columns sort by a press.
import { h } from "../dom.js";
import { standingBadge, symbol } from "../look.js";
import { count, kind } from "../words.js";

const COLUMNS = [
  { name: "Name", of: (node) => node.data("caption") ?? "", cell: (node, view) => nameCell(node, view) },
  { name: "Kind", of: (node) => kind(node.data("label")) },
  { name: "Standing", of: (node) => node.data("standing") ?? "", cell: (node) => standingBadge(node.data("standing")) },
  { name: "Links here", of: (node) => node.connectedEdges(":visible").length, number: true },
  { name: "Not shown", of: (node) => node.data("hidden") ?? 0, number: true },
];

/** A table of the nodes that the legend lets through. */
export function networkTable(view) {
  const sorting = (view.sorting ??= { column: 0, down: false });
  const of = COLUMNS[sorting.column].of;
  const order = (a, b) => (of(a) > of(b)) - (of(a) < of(b));
  const nodes = view.cy.nodes().not(".off").toArray().sort((a, b) => (sorting.down ? order(b, a) : order(a, b)));
  return h(
    "table",
    { class: "rows" },
    h("caption", { class: "unseen" }, "Nodes of the network"),
    h("thead", {}, h("tr", {}, COLUMNS.map((column, i) => head(view, column, i, sorting)), view.expand ? h("th", { scope: "col" }, h("span", { class: "unseen" }, "Actions")) : null)),
    h("tbody", {}, nodes.map((node) => row(node, view))),
  );
}

function head(view, column, i, sorting) {
  const sort = i === sorting.column ? (sorting.down ? "descending" : "ascending") : null;
  const press = () => {
    view.sorting = { column: i, down: i === sorting.column ? !sorting.down : Boolean(column.number) };
    view.refreshTable();
    view.tableBox.querySelectorAll("th button")[i].focus();
  };
  return h("th", { scope: "col", "aria-sort": sort, class: column.number ? "number" : null }, h("button", { type: "button", on: { click: press } }, column.name));
}

function row(node, view) {
  const cells = COLUMNS.map((column) =>
    h("td", { class: column.number ? "number" : null }, column.cell ? column.cell(node, view) : column.number ? count(column.of(node)) : column.of(node)),
  );
  const expand = view.expand
    ? h("td", {}, h("button", { type: "button", class: "bare", "aria-label": `Expand ${node.data("caption")}`, on: { click: () => view.open(node.id()) } }, "Expand"))
    : null;
  return h("tr", {}, cells, expand);
}

function nameCell(node, view) {
  return h("button", { type: "button", class: "table-name", on: { click: () => view.select(node.id()) } }, symbol(node.data("label"), node.data("standing"), 22), node.data("caption"));
}
