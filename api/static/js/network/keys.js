// The canvas by keyboard: arrows walk to the nearest node in that direction.

const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Handle a key pressed on the canvas of `view`. */
export function keys(view, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const selected = () => view.cy.$("node:selected").first();
  const actions = {
    Enter: () => view.open(selected().id()),
    e: () => view.open(selected().id()),
    f: () => view.fit(),
    l: () => selected().length && view.pin(selected().id()),
    t: () => view.toggleTable(),
    "+": () => view.zoom(1.3),
    "=": () => view.zoom(1.3),
    "-": () => view.zoom(1 / 1.3),
    Escape: () => view.cy.$(":selected").unselect(),
  };
  const act = DIRECTIONS[event.key] ? () => walk(view, DIRECTIONS[event.key]) : actions[event.key] ?? actions[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
}

function walk(view, [dx, dy]) {
  const from = view.cy.$("node:selected").first();
  if (!from.length) {
    const first = view.seeds.find((id) => view.cy.getElementById(id).length) ?? view.cy.nodes(":visible").first().id();
    if (first) view.select(first);
    return;
  }
  const at = from.position();
  let best = null;
  view.cy.nodes(":visible").forEach((node) => {
    const [x, y] = [node.position("x") - at.x, node.position("y") - at.y];
    const ahead = x * dx + y * dy;
    const aside = Math.abs(x * dy) + Math.abs(y * dx);
    if (ahead <= 1 || aside > 2.4 * ahead) return;
    const cost = ahead + 1.6 * aside;
    if (!best || cost < best.cost) best = { node, cost };
  });
  if (best) view.select(best.node.id());
}
