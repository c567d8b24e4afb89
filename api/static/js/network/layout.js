// Where nodes stand: around the seeds at first, then settled by fcose; nodes that stand already never move.

const RING = 130;
const SETTLED = {
  name: "fcose", quality: "proof", randomize: false, nodeDimensionsIncludeLabels: true, packComponents: false,
  nodeSeparation: 90, idealEdgeLength: () => 96, nodeRepulsion: () => 9000, animationEasing: "ease-out-cubic",
}; // prettier-ignore

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Duration of a movement, 0 for those who asked for less of it. */
export const duration = (milliseconds) => (calm() ? 0 : milliseconds);

/** Lay everything out anew, the seeds in the middle. The same network always comes out the same. */
export function settle(cy, seeds, done = () => {}) {
  rings(cy, seeds);
  run(cy.layout({ ...SETTLED, animate: false, numIter: 2500, fit: false }), () => {
    spread(cy, cy.nodes());
    fit(cy, 0);
    done();
  });
}

/** Find places for new nodes near the one they came from; all others keep theirs. */
export function settleNew(cy, fresh, anchor, done = () => {}) {
  const old = cy.nodes().difference(fresh);
  fan(cy, fresh, anchor, old);
  const fixed = old.map((node) => ({ nodeId: node.id(), position: { ...node.position() } }));
  const locked = old.filter((node) => !node.locked());
  locked.lock();
  const layout = cy.layout({
    ...SETTLED, numIter: 1200, fit: false, animate: !calm(), animationDuration: duration(420),
    fixedNodeConstraint: fixed.length ? fixed : undefined,
  }); // prettier-ignore
  run(layout, () => {
    locked.unlock();
    spread(cy, fresh);
    done();
  });
}

/** Columns by distance from the first node, for an answer that reads from the asked party to a seizure. */
export function layered(cy, from, wide) {
  const layers = distances(cy, [from]);
  const [along, across] = wide ? [190, 92] : [104, 176];
  const places = new Map();
  layers.forEach((layer, depth) => {
    const ordered = depth ? [...layer].sort((a, b) => pull(cy, a, places) - pull(cy, b, places)) : layer;
    ordered.forEach((id, i) => places.set(id, (i - (ordered.length - 1) / 2) * across));
    ordered.forEach((id) => {
      const [x, y] = wide ? [depth * along, places.get(id)] : [places.get(id), depth * along];
      cy.getElementById(id).position({ x, y });
    });
  });
  fit(cy, 0);
}

/** Show everything, without blowing up a small network. */
export function fit(cy, milliseconds = 240, elements = cy.elements(":visible"), padding = Math.min(44, cy.width() * 0.06)) {
  if (!elements.length || !cy.width()) return;
  const box = elements.boundingBox();
  const zoom = Math.min((cy.width() - 2 * padding) / box.w, (cy.height() - 2 * padding) / box.h, 1.35);
  const view = {
    zoom,
    pan: { x: cy.width() / 2 - (zoom * (box.x1 + box.x2)) / 2, y: cy.height() / 2 - (zoom * (box.y1 + box.y2)) / 2 },
  };
  if (duration(milliseconds)) cy.animate({ ...view, duration: milliseconds });
  else cy.viewport(view);
}

function run(layout, done) {
  layout.one("layoutstop", done);
  layout.run();
}

/** Ids by distance from some nodes; what they do not reach comes last. */
function distances(cy, from) {
  const seen = new Set(from);
  const layers = [[...from]];
  while (layers.at(-1).length) {
    const next = [];
    for (const id of layers.at(-1)) {
      for (const neighbour of cy.getElementById(id).neighborhood("node").map((node) => node.id())) {
        if (!seen.has(neighbour)) next.push(neighbour);
        seen.add(neighbour);
      }
    }
    layers.push(next);
  }
  layers[layers.length - 1] = cy.nodes().map((node) => node.id()).filter((id) => !seen.has(id));
  return layers.filter((layer) => layer.length);
}

/** The mean place of a node's neighbours that are placed already. */
function pull(cy, id, places) {
  const placed = cy.getElementById(id).neighborhood("node").map((node) => places.get(node.id())).filter((at) => at !== undefined);
  return placed.length ? placed.reduce((sum, at) => sum + at, 0) / placed.length : 0;
}

function rings(cy, seeds) {
  const known = seeds.filter((id) => cy.getElementById(id).length);
  const layers = distances(cy, known.length ? known : cy.nodes().slice(0, 1).map((node) => node.id()));
  const angles = new Map();
  layers.forEach((layer, depth) => {
    const ordered = depth > 1 ? [...layer].sort((a, b) => pull(cy, a, angles) - pull(cy, b, angles)) : layer;
    ordered.forEach((id, i) => {
      const angle = (2 * Math.PI * i) / ordered.length - Math.PI / 2;
      const radius = depth || layer.length > 1 ? RING * Math.max(depth, 0.4) * (1 + (i % 2) * 0.18) : 0;
      angles.set(id, angle);
      cy.getElementById(id).position({ x: Math.cos(angle) * radius, y: Math.sin(angle) * radius });
    });
  });
}

/** New nodes in a fan on the side of their anchor that looks away from the rest. */
function fan(cy, fresh, anchor, old) {
  const from = cy.getElementById(anchor);
  const at = from.length ? from.position() : { x: 0, y: 0 };
  const box = old.length ? old.boundingBox({ includeLabels: false }) : null;
  const away = box ? Math.atan2(at.y - (box.y1 + box.y2) / 2, at.x - (box.x1 + box.x2) / 2) : 0;
  const opening = Math.min(Math.PI * 1.5, fresh.length * 0.32);
  fresh.forEach((node, i) => {
    const angle = away + (fresh.length > 1 ? (i / (fresh.length - 1) - 0.5) * opening : 0);
    const radius = 120 + (i % 2) * 36;
    node.position({ x: at.x + Math.cos(angle) * radius, y: at.y + Math.sin(angle) * radius });
  });
}

/** Push nodes apart that would cover each other or each other's captions. Pinned ones stay. */
function spread(cy, moving) {
  const all = cy.nodes(":visible");
  for (let round = 0; round < 30; round++) {
    let moved = false;
    moving.forEach((node) => {
      if (node.locked()) return;
      all.forEach((other) => {
        if (node.same(other)) return;
        const [p, q] = [node.position(), other.position()];
        const [dx, dy] = [p.x - q.x, (p.y - q.y) * 1.25];
        const apart = Math.hypot(dx, dy) || 0.01;
        if (apart >= 66) return;
        const push = ((66 - apart) / apart) * 0.55;
        node.position({ x: p.x + (dx || 1) * push, y: p.y + (dy || 1) * push });
        moved = true;
      });
    });
    if (!moved) break;
  }
}
