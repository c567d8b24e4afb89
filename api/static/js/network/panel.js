// What is selected: a node with its facts and links, or a link with its evidence.
import { clusterOf } from "../cluster/words.js";
import { fill, h } from "../dom.js";
import { confidence, recordList } from "../evidence.js";
import { icon } from "../icons.js";
import { standingBadge, symbol, verb } from "../look.js";
import { counted, field, kind, period, value } from "../words.js";

const INNER = new Set(["entity", "name_key", "building_key", "uid", "caption", "standing"]);

/** Facts of a node's properties, for people. */
export function factList(properties) {
  const shown = Object.entries(properties ?? {}).filter(([name, given]) => !INNER.has(name) && given !== false && value(given) !== "");
  if (!shown.length) return null;
  return h("dl", { class: "facts" }, shown.map(([name, given]) => [h("dt", {}, field(name)), h("dd", {}, value(given))]));
}

export class Panel {
  constructor(view) {
    this.view = view;
    this.element = h("section", { class: "panel", "aria-label": "Selection", "aria-live": "polite" });
  }

  /** Tell about whatever is selected now. */
  showSelected() {
    const [selected] = this.view.cy?.$(":selected").toArray() ?? [];
    fill(this.element, selected ? (selected.isNode() ? this.node(selected) : this.edge(selected)) : this.hint());
  }

  hint() {
    const grow = this.view.expand ? h("p", {}, "Double-click a node, or press Enter on it, to bring in its neighbours.") : null;
    return h("div", { class: "panel-hint muted" }, h("p", {}, "Select a node or a link to see what is known of it and which records say so."), grow);
  }

  node(node) {
    const { id, label, caption, standing, properties, records } = node.data();
    const links = node.connectedEdges(":visible");
    const href = this.view.href(id);
    return [
      h("div", { class: "panel-head" }, symbol(label, standing, 40), h("div", {}, h("h3", {}, caption), h("p", { class: "muted small" }, kind(label)), standingBadge(standing))),
      h("div", { class: "row" }, this.actions(node, href)),
      factList(properties),
      records?.length ? h("div", {}, h("h4", {}, "Records"), recordList(records)) : null,
      links.length ? h("h4", {}, `${counted(links.length, "link")} here`) : null,
      h("ul", { class: "panel-links" }, links.toArray().slice(0, 60).map((edge) => h("li", {}, this.linkButton(edge, id)))),
    ];
  }

  actions(node, href) {
    const id = node.id();
    const cluster = href ? clusterOf(id, node.data("label")) : null;
    const button = (name, words, action) => h("button", { type: "button", class: "quiet", on: { click: action } }, icon(name), words);
    return [
      this.view.expand && node.data("label") !== "Query" ? button("expand", "Expand", () => this.view.open(id)) : null,
      button("pin", node.hasClass("pinned") ? "Unpin" : "Pin", () => this.view.pin(id)),
      href ? h("a", { class: "button quiet", href }, icon("arrow-right"), "Open its page") : null,
      cluster ? h("a", { class: "button quiet", href: cluster }, "Its cluster") : null,
    ];
  }

  linkButton(edge, from) {
    const forward = edge.data("source") === from;
    const other = edge.connectedNodes().filter((node) => node.id() !== from).first();
    const words = bundle(edge) ?? verb(edge.data("type"), forward);
    return h(
      "button",
      { type: "button", class: "panel-link", on: { click: () => this.view.select(edge.id()) } },
      other.length ? symbol(other.data("label"), other.data("standing"), 22) : null,
      h("span", {}, h("span", { class: "muted" }, `${words} `), other.length ? other.data("caption") : "itself"),
    );
  }

  edge(edge) {
    const { type, sources, count, first_seen, last_seen, properties } = edge.data();
    const [start, end] = [edge.source(), edge.target()];
    const jump = (node) => h("button", { type: "button", class: "bare", on: { click: () => this.view.select(node.id()) } }, node.data("caption"));
    const seen = period(first_seen, last_seen);
    const more = (count ?? 0) - (sources?.length ?? 0);
    return [
      h("h3", {}, "What the link rests on"),
      h("p", { class: "hop-line" }, jump(start), h("span", { class: "verb" }, bundle(edge) ?? verb(type, true)), jump(end)),
      h("dl", { class: "facts" },
        seen ? [h("dt", {}, "Seen"), h("dd", {}, seen)] : null,
        count ? [h("dt", {}, "Records"), h("dd", {}, counted(count, "record"))] : null,
        edge.data("confidence") === undefined ? null : [h("dt", {}, "Confidence"), h("dd", {}, confidence(edge.data("confidence")))]),
      factList(without(properties, ["shipments", "seized"])),
      sources?.length ? h("div", {}, h("h4", {}, "Records that say so"), recordList(sources), more > 0 ? h("p", { class: "muted small" }, `and ${counted(more, "more record", "more records")}`) : null) : null,
    ]; // prettier-ignore
  }
}

/** `5 shipments, 2 seized` for a link that stands for shipments. */
function bundle(edge) {
  const { shipments, seized } = edge.data("properties") ?? {};
  if (!shipments) return null;
  return `${counted(shipments, "shipment")}${seized ? `, ${seized} seized` : ""}`;
}

const without = (object, names) => Object.fromEntries(Object.entries(object ?? {}).filter(([name]) => !names.includes(name)));
