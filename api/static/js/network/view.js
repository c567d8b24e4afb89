// The network on a page: canvas, legend that filters, table, panel with what is selected.
import cytoscape from "../../vendor/cytoscape.js";
import fcose from "../../vendor/cytoscape-fcose.js";
import { saveBlob } from "../api.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { colour } from "../look.js";
import { count, counted } from "../words.js";
import { edgeElement, nodeElement, styleSheet } from "./drawing.js";
import { keys } from "./keys.js";
import { duration, fit, layered, settle, settleNew } from "./layout.js";
import { Legend } from "./legend.js";
import { Panel } from "./panel.js";
import { networkTable } from "./table.js";

cytoscape.use(fcose);

/**
 * `place` is filled. `expand(id, view)` is asked to bring in a node's neighbours; without it the network only shows.
 * `href(id)` is the page of a node, or null.
 */
export class NetworkView {
  constructor(place, { expand = null, href = () => null, title = "Network", filename = "network" } = {}) {
    Object.assign(this, { expand, href, filename, seeds: [], saved: null });
    this.stage = h("div", { class: "stage", tabindex: 0, role: "application", "aria-label": `${title}. Arrow keys walk from node to node, Enter opens, T shows a table.` });
    this.tableBox = h("div", { class: "stage-table scroll", hidden: true, tabindex: 0, role: "region", "aria-label": `${title} as a table` });
    this.status = h("p", { class: "stage-status", role: "status", "aria-live": "polite" });
    this.message = h("p", { class: "stage-message", role: "status", hidden: true });
    this.legend = new Legend((hidden) => this.filter(hidden));
    this.panel = new Panel(this);
    fill(
      place,
      h("div", { class: "network" }, this.legend.element, h("div", { class: "stage-box" }, this.stage, this.tableBox, this.tools(), this.status, this.message), this.panel.element),
    );
    this.cy = cytoscape({
      container: this.stage, style: styleSheet(), minZoom: 0.08, maxZoom: 4, boxSelectionEnabled: false, selectionType: "single",
    }); // prettier-ignore
    this.listen();
  }

  /** Show a network in the place of the one before. `from` lays it out in layers from that node. */
  show(graph, { seeds = [], from = null } = {}) {
    this.seeds = seeds;
    this.cy.elements().remove();
    this.put(graph);
    this.cy.resize();
    if (from) layered(this.cy, from, this.cy.width() > 1.25 * this.cy.height());
    else settle(this.cy, seeds);
    this.refresh();
  }

  /** Bring nodes and links in beside what is there; resolves to how many nodes were new. */
  add(graph, anchor) {
    this.clearPath();
    const fresh = this.put(graph);
    this.refresh();
    if (!fresh.length) return Promise.resolve(0);
    return new Promise((resolve) => {
      settleNew(this.cy, fresh, anchor, () => {
        this.follow();
        resolve(fresh.length);
      });
    });
  }

  /** Let one path stand out: everything else fades, and with `straighten` its nodes step into a row. */
  highlight(path, { straighten = false } = {}) {
    this.clearPath();
    const kept = new Set([...path.nodes, ...path.edges]);
    this.cy.batch(() => this.cy.elements().forEach((element) => void element.addClass(kept.has(element.id()) ? "path" : "dim")));
    const walk = this.cy.elements(".path");
    if (straighten && path.nodes.length > 1) this.straighten(path.nodes);
    else fit(this.cy, 300, walk.length ? this.cy.elements() : undefined);
  }

  clearPath() {
    this.cy.elements().removeClass("path dim");
    this.saved?.forEach(([node, position]) => node.inside() && node.position(position));
    this.saved = null;
  }

  /** Select one element by id and tell about it. */
  select(id) {
    const found = this.cy.getElementById(id);
    if (!found.length) return;
    this.cy.$(":selected").unselect();
    found.select();
    const at = found.renderedBoundingBox();
    if (at.x1 < 0 || at.y1 < 0 || at.x2 > this.cy.width() || at.y2 > this.cy.height()) {
      this.cy.animate({ center: { eles: found }, duration: duration(200) });
    }
  }

  /** Bring in the neighbours of a node, if this network can grow. */
  async open(id) {
    if (!this.expand || !id) return;
    const said = await this.expand(id, this);
    if (said) this.say(said);
  }

  /** Keep a node where it is, or let it go. */
  pin(id) {
    const node = this.cy.getElementById(id);
    if (!node.isNode()) return;
    node.toggleClass("pinned");
    if (node.hasClass("pinned")) node.lock();
    else node.unlock();
    this.panel.showSelected();
  }

  say(words) {
    fill(this.message, words).hidden = false;
    clearTimeout(this.silence);
    this.silence = setTimeout(() => (this.message.hidden = true), 3500);
  }

  toggleTable() {
    this.tableBox.hidden = !this.tableBox.hidden;
    this.stage.hidden = !this.tableBox.hidden;
    this.tableButton.setAttribute("aria-pressed", String(!this.tableBox.hidden));
    this.refreshTable();
    if (this.tableBox.hidden) this.cy.resize();
    (this.tableBox.hidden ? this.stage : this.tableBox).focus();
  }

  fit() {
    fit(this.cy);
  }

  zoom(factor) {
    const middle = { x: this.cy.width() / 2, y: this.cy.height() / 2 };
    this.cy.zoom({ level: this.cy.zoom() * factor, renderedPosition: middle });
  }

  async savePicture() {
    const blob = await this.cy.png({ output: "blob-promise", full: true, scale: 2, bg: colour("canvas"), maxWidth: 6000 });
    saveBlob(blob, `${this.filename}.png`);
  }

  put(graph) {
    const [nodes, edges] = [Object.entries(graph.nodes), graph.edges];
    const isNew = (id) => !this.cy.getElementById(id).length;
    let fresh = this.cy.collection();
    this.cy.batch(() => {
      fresh = this.cy.add(nodes.filter(([id]) => isNew(id)).map(([id, node]) => nodeElement(id, node)));
      const ends = (edge) => !isNew(edge.source) && !isNew(edge.target);
      this.cy.add(edges.filter((edge) => isNew(edge.id) && ends(edge)).map(edgeElement));
      this.cy.nodes().forEach(countHidden);
    });
    return fresh;
  }

  filter(hidden) {
    this.cy.batch(() => this.cy.nodes().forEach((node) => void node.toggleClass("off", hidden(node.data()))));
    this.tell();
    this.refreshTable();
  }

  refresh() {
    this.legend.show(this.cy.nodes().map((node) => node.data()));
    this.tell();
    this.refreshTable();
    this.panel.showSelected();
  }

  refreshTable() {
    if (!this.tableBox.hidden) fill(this.tableBox, networkTable(this));
  }

  tell() {
    const off = this.cy.nodes(".off").length;
    const words = `${counted(this.cy.nodes().length, "node")}, ${counted(this.cy.edges().length, "link")}`;
    fill(this.status, off ? `${words}; ${count(off)} hidden by the legend` : words);
  }

  follow() {
    const box = this.cy.nodes(":visible").renderedBoundingBox();
    const outside = box.x1 < 10 || box.y1 < 10 || box.x2 > this.cy.width() - 10 || box.y2 > this.cy.height() - 10;
    if (outside) fit(this.cy, 300);
  }

  straighten(ids) {
    const nodes = ids.map((id) => this.cy.getElementById(id)).filter((node) => node.length);
    this.cy.stop(true, true);
    this.saved = nodes.map((node) => [node, { ...node.position() }]);
    const box = this.cy.nodes().boundingBox();
    const step = 170;
    const left = (box.x1 + box.x2) / 2 - ((nodes.length - 1) * step) / 2;
    nodes.forEach((node, i) => {
      const locked = node.locked();
      node.unlock();
      node.position({ x: left + i * step, y: box.y1 - 150 + (i % 2 ? 24 : -24) });
      if (locked) node.lock();
    });
    fit(this.cy, 320, this.cy.nodes(".path"), 60);
  }

  tools() {
    const button = (name, label, action) =>
      h("button", { type: "button", class: "quiet square", "aria-label": label, title: label, on: { click: action } }, icon(name, 17));
    this.tableButton = button("table", "Show as a table (T)", () => this.toggleTable());
    this.tableButton.setAttribute("aria-pressed", "false");
    return h(
      "div",
      { class: "stage-tools", role: "toolbar", "aria-label": "Network tools", "aria-orientation": "vertical" },
      button("plus", "Zoom in (+)", () => this.zoom(1.3)),
      button("minus", "Zoom out (−)", () => this.zoom(1 / 1.3)),
      button("maximize", "Fit (F)", () => this.fit()),
      this.tableButton,
      button("image", "Save as a picture", () => this.savePicture()),
    );
  }

  listen() {
    const { cy } = this;
    cy.on("select unselect", () => this.panel.showSelected());
    cy.on("dbltap", "node", (event) => this.open(event.target.id()));
    cy.on("mouseover", "node", (event) => event.target.connectedEdges().addClass("near"));
    cy.on("mouseout", "node", (event) => event.target.connectedEdges().removeClass("near"));
    cy.on("mouseover", "edge", (event) => event.target.addClass("near"));
    cy.on("mouseout", "edge", (event) => event.target.removeClass("near"));
    cy.on("free", "node", () => cy.resize());
    this.stage.addEventListener("keydown", (event) => keys(this, event));
    document.addEventListener("graphinv:theme", () => cy.style(styleSheet()));
    new ResizeObserver(() => cy.resize()).observe(this.stage);
  }
}

/** How many more parties use a value than the canvas shows. Of other nodes the number would say little. */
function countHidden(node) {
  const parties = node.data("properties")?.parties ?? 0;
  node.data("hidden", Math.max(0, parties - node.neighborhood("node").length));
}
