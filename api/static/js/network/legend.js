// The legend: every kind and standing on the canvas with its count; a press hides it, another brings it back.
import { fill, h } from "../dom.js";
import { labels, standingBadge, symbol } from "../look.js";
import { count, kind } from "../words.js";

const STANDINGS = ["seized", "trusted", "known", "unknown"];

export class Legend {
  /** `changed` is given a function that says of a node's data whether it is hidden. */
  constructor(changed) {
    this.changed = changed;
    this.off = { label: new Set(), standing: new Set() };
    this.element = h("div", { class: "legend", role: "group", "aria-label": "Legend; press to hide or show" });
  }

  /** Show the counts of these nodes. */
  show(nodes) {
    const tally = (name) => nodes.reduce((sums, node) => sums.set(node[name], (sums.get(node[name]) ?? 0) + 1), new Map());
    const [byLabel, byStanding] = [tally("label"), tally("standing")];
    const known = labels();
    const shown = [...byLabel.keys()].sort((a, b) => known.indexOf(a) - known.indexOf(b));
    const focused = this.element.contains(document.activeElement) ? document.activeElement.dataset.item : null;
    fill(
      this.element,
      shown.map((label) => this.item("label", label, [symbol(label, null, 22), kind(label, byLabel.get(label) > 1)], byLabel.get(label))),
      STANDINGS.filter((standing) => byStanding.has(standing)).map((standing) =>
        this.item("standing", standing, [standingBadge(standing)], byStanding.get(standing)),
      ),
    );
    if (focused) [...this.element.children].find((button) => button.dataset.item === focused)?.focus();
    this.nodes = nodes;
  }

  item(group, name, words, number) {
    const off = this.off[group];
    const toggle = () => {
      if (!off.delete(name)) off.add(name);
      this.show(this.nodes);
      this.changed((node) => this.off.label.has(node.label) || this.off.standing.has(node.standing));
    };
    return h(
      "button",
      { type: "button", class: "legend-item", "aria-pressed": String(!off.has(name)), "data-item": name, on: { click: toggle } },
      words,
      h("b", {}, count(number)),
    );
  }
}
