"use strict";
(() => {
  const data = JSON.parse(document.getElementById("network").textContent);
  const root = document.documentElement;
  const canvas = document.getElementById("canvas");
  if (!data.nodes.length) return;
  root.classList.add("live");

  // ---- colours: the page's own, so that light and dark are decided in one place
  let ink = {};
  const readColours = () => {
    const style = getComputedStyle(root);
    const names = ["canvas", "ink", "muted", "edge", "path", "sign", "seized", "trusted", "panel",
      ...new Set(data.nodes.map((node) => "family-" + node.family))];
    ink = Object.fromEntries(names.map((name) => [name, style.getPropertyValue("--" + name).trim()]));
  };
  readColours();
  const shapes = Object.fromEntries(Object.entries(data.shapes).map(([name, path]) => [name, new Path2D(path)]));
  const signs = new Map(Object.entries(data.signs).map(([name, path]) => [name, new Path2D(path)]));
  const badges = Object.fromEntries(Object.entries(data.badges).map(([name, path]) => [name, new Path2D(path)]));
  const badgeSigns = Object.fromEntries(Object.entries(data.badgeSigns).map(([name, path]) => [name, new Path2D(path)]));
  const font = getComputedStyle(root).fontFamily;

  // ---- what is shown now
  const byNumber = new Map(data.nodes.map((node) => [node.id, node]));
  const state = { walk: 0, dim: false, node: null, edge: null, scale: 1 };
  const onAnyPath = { nodes: new Set(), edges: new Set() };
  for (const walk of data.walks) {
    walk.nodes.forEach((id) => onAnyPath.nodes.add(id));
    walk.edges.forEach((id) => onAnyPath.edges.add(id));
  }
  const activeEdges = () => new Set(data.walks.length ? data.walks[state.walk].edges : []);
  const lively = (node) => !state.dim || onAnyPath.nodes.has(node.id) || node.id === state.node;

  // ---- nodes: symbol, ring, badge; never smaller on screen than can be seen
  const grown = (scale) => (scale < 1 ? Math.max(scale ** -0.4, 5 / (data.radius * scale)) : 1);
  const drawNode = ({ ctx, id, x, y, state: seen }) => {
    const node = byNumber.get(id);
    const size = grown(state.scale);
    return {
      drawNode() {
        ctx.save();
        ctx.translate(x, y);
        ctx.scale(size, size);
        ctx.globalAlpha = lively(node) ? 1 : 0.14;
        if (node.id === state.node || seen.hover) {
          ctx.fillStyle = ink.path;
          ctx.globalAlpha *= 0.22;
          ctx.beginPath();
          ctx.arc(0, 0, data.radius + 9, 0, 7);
          ctx.fill();
          ctx.globalAlpha = lively(node) ? 1 : 0.14;
        }
        ctx.fillStyle = ink["family-" + node.family];
        ctx.fill(shapes[node.outline]);
        ctx.lineCap = ctx.lineJoin = "round";
        if (data.radius * size * state.scale > 6.3) {
          ctx.save();
          ctx.translate(-8, -8);
          ctx.strokeStyle = ink.sign;
          ctx.lineWidth = 1.5;
          ctx.stroke(signs.get(node.kind));
          ctx.restore();
        }
        drawStanding(ctx, node.standing, size * state.scale);
        ctx.restore();
      },
      nodeDimensions: { width: 2.2 * data.radius * size, height: 2.2 * data.radius * size },
    };
  };
  const drawStanding = (ctx, standing, unit) => {
    if (!badges[standing]) return;
    ctx.strokeStyle = ctx.fillStyle = ink[standing];
    // Seized is a double ring: wide, then parted by the ground.
    ctx.lineWidth = standing === "seized" ? 4.6 : 2.5;
    ctx.beginPath();
    ctx.arc(0, 0, data.radius + 4.4, 0, 7);
    ctx.stroke();
    if (standing === "seized") {
      ctx.strokeStyle = ink.canvas;
      ctx.lineWidth = 1.2;
      ctx.stroke();
    }
    // The badge keeps a size that can be seen when the figure shrinks.
    const grow = Math.max(1.25, 6.5 / (5.4 * unit));
    ctx.translate(12.5, -12.5);
    ctx.scale(grow, grow);
    ctx.strokeStyle = ink.canvas;
    ctx.lineWidth = 1.4;
    ctx.fill(badges[standing]);
    ctx.stroke(badges[standing]);
    ctx.strokeStyle = ink.sign;
    ctx.lineWidth = 1.5;
    ctx.stroke(badgeSigns[standing]);
  };

  // ---- edges: drawn here, at a width that can be seen at any zoom; vis keeps clear ones to be clicked
  const edgeLook = (edge, active) => {
    const chosen = edge.id === state.edge;
    const path = onAnyPath.edges.has(edge.id);
    const dimmed = state.dim && !path && !chosen;
    const other = path && !active.has(edge.id) && !chosen;
    return {
      colour: chosen || path ? ink.path : edge.seized ? ink.seized : ink.edge,
      width: chosen ? 6.5 : active.has(edge.id) ? 4 : path ? 2.6 : edge.stroke,
      alpha: dimmed ? 0.14 : other ? 0.6 : 1,
    };
  };
  const drawEdges = (ctx) => {
    const unit = 1 / Math.min(state.scale, 1);
    const thin = Math.min(1, 0.72 + state.scale);
    const active = activeEdges();
    ctx.save();
    ctx.lineCap = "butt";
    for (const edge of data.edges) {
      const look = edgeLook(edge, active);
      const [start, end] = [byNumber.get(edge.from), byNumber.get(edge.to)];
      ctx.strokeStyle = look.colour;
      ctx.globalAlpha = look.alpha;
      ctx.lineWidth = look.width * unit * (look.colour === ink.path ? 1 : thin);
      ctx.setLineDash(edge.dashed ? [6 * unit, 4 * unit] : []);
      ctx.beginPath();
      ctx.moveTo(start.x, start.y);
      ctx.quadraticCurveTo(...edge.control, end.x, end.y);
      ctx.stroke();
    }
    ctx.restore();
  };
  const nodes = new vis.DataSet(data.nodes.map((node) => ({ ...node, ctxRenderer: drawNode })));
  const network = new vis.Network(canvas, { nodes, edges: new vis.DataSet(data.edges) }, data.options);
  // vis puts its own frame before everything else in the order of the Tab key.
  canvas.firstElementChild.tabIndex = -1;

  // ---- labels: as many as fit without touching, the important first, always at reading size
  const labelFont = (bold, size) => `${bold ? 650 : 500} ${size}px ${font}`;
  const ranked = [...data.nodes].sort((a, b) => b.weight - a.weight || a.id - b.id);
  const places = (toward, wide, high, radius) => {
    const [down, side] = [radius + 5 + high / 2, toward * (radius + 6 + wide / 2)];
    const [low, out] = [radius * 0.6 + high / 2, toward * (radius * 0.7 + wide / 2)];
    return [[0, down], [0, -down], [side, 0], [-side, 0], [out, low], [-out, low], [out, -low], [-out, -low],
      [0, down + high * 0.7], [0, -down - high * 0.7]];
  };
  const boxes = () => {
    const cells = new Map();
    const each = (x, y, w, h, visit) => {
      for (let i = Math.floor((x - w / 2) / 80); i <= Math.floor((x + w / 2) / 80); i++) {
        for (let j = Math.floor((y - h / 2) / 80); j <= Math.floor((y + h / 2) / 80); j++) {
          if (visit(i * 65536 + j)) return true;
        }
      }
      return false;
    };
    const touches = (a, b) => Math.abs(a[0] - b[0]) * 2 < a[2] + b[2] && Math.abs(a[1] - b[1]) * 2 < a[3] + b[3];
    return {
      add: (...box) => each(...box, (cell) => {
        cells.has(cell) ? cells.get(cell).push(box) : cells.set(cell, [box]);
        return false;
      }),
      taken: (...box) => each(...box, (cell) => (cells.get(cell) || []).some((other) => touches(box, other))),
    };
  };
  const cut = () => {
    const at = network.getViewPosition();
    const [x, y] = [at.x * state.scale, at.y * state.scale];
    const [w, h] = [canvas.clientWidth / 2, canvas.clientHeight / 2];
    return (cx, cy, wide, high) => cx - wide / 2 < x - w || cx + wide / 2 > x + w || cy - high / 2 < y - h || cy + high / 2 > y + h;
  };
  const tools = document.querySelector(".tools");
  const buttons = () => {
    const [box, frame] = [tools.getBoundingClientRect(), canvas.getBoundingClientRect()];
    const at = network.DOMtoCanvas({ x: box.left - frame.left + box.width / 2, y: box.top - frame.top + box.height / 2 });
    return [[at.x * state.scale, at.y * state.scale, box.width + 8, box.height + 8]];
  };
  const drawLabels = (ctx) => {
    const scale = state.scale;
    const size = data.labelSize * Math.max(1, Math.min(scale, 1.35));
    const line = (data.labelLine * size) / data.labelSize;
    const radius = data.radius * grown(scale) * scale;
    const outside = cut();
    // `filled` holds every mark; `firm` only what the name of a stop must not cover.
    const [filled, firm] = [boxes(), boxes()];
    const hold = (...box) => { filled.add(...box); firm.add(...box); };
    for (const box of buttons()) hold(...box);
    for (const node of data.nodes) (node.stop ? hold : filled.add)(node.x * scale, node.y * scale, 2.1 * radius, 2.1 * radius);
    for (const hop of hopPlaces()) hold(hop.x * scale, hop.y * scale, 20, 20);
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    for (const node of ranked) {
      if (!lively(node)) continue;
      const strong = node.stop || node.seed || node.id === state.node;
      ctx.font = labelFont(strong, size / scale);
      const wide = Math.max(...node.lines.map((text) => ctx.measureText(text).width * scale)) + 4;
      const high = line * node.lines.length;
      const spots = places(node.side, wide, high, node.standing in badges ? radius + 5 : radius)
        .map(([dx, dy]) => [node.x * scale + dx, node.y * scale + dy, wide, high])
        .filter((box) => !outside(...box));
      const box = spots.find((spot) => !filled.taken(...spot)) || (strong && spots.find((spot) => !firm.taken(...spot)));
      if (!box) continue;
      hold(...box);
      node.lines.forEach((text, i) => {
        const at = [box[0] / scale, (box[1] + (i - (node.lines.length - 1) / 2) * line) / scale];
        ctx.strokeStyle = ink.canvas;
        ctx.lineWidth = 3.5 / scale;
        ctx.strokeText(text, ...at);
        ctx.fillStyle = ink.ink;
        ctx.fillText(text, ...at);
      });
    }
  };
  const byEdge = new Map(data.edges.map((edge) => [edge.id, edge]));
  const hopPlaces = () => (data.walks.length ? data.walks[state.walk].edges : []).map((id, i) => {
    const [x, y] = byEdge.get(id).middle;
    return { x, y, text: String(i + 1), chosen: id === state.edge };
  });
  const drawHops = (ctx) => {
    const unit = 1 / state.scale;
    const small = state.scale < 0.35;
    for (const hop of hopPlaces()) {
      ctx.beginPath();
      ctx.arc(hop.x, hop.y, (hop.chosen ? 12 : small ? 7 : 9.5) * unit, 0, 7);
      ctx.fillStyle = ink.path;
      ctx.strokeStyle = ink.canvas;
      ctx.lineWidth = 2 * unit;
      ctx.fill();
      ctx.stroke();
      ctx.font = labelFont(true, (small ? 9 : 11) * unit);
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillStyle = ink.sign;
      ctx.fillText(hop.text, hop.x, hop.y + 0.5 * unit);
    }
  };
  network.on("beforeDrawing", (ctx) => {
    state.scale = network.getScale();
    drawEdges(ctx);
  });
  network.on("afterDrawing", (ctx) => { drawLabels(ctx); drawHops(ctx); });

  // ---- where to look
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const motion = () => (calm.matches ? false : { duration: 260, easingFunction: "easeInOutQuad" });
  const frame = (ids) => {
    const xs = ids.map((id) => byNumber.get(id).x);
    const ys = ids.map((id) => byNumber.get(id).y);
    return [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  };
  const fitting = (ids) => {
    const [left, right, top, bottom] = frame(ids);
    return Math.min((canvas.clientWidth - 180) / (right - left || 1), (canvas.clientHeight - 130) / (bottom - top || 1));
  };
  const show = (ids, animate, closest = 1.25) => {
    const [left, right, top, bottom] = frame(ids);
    const scale = Math.min(fitting(ids), closest);
    network.moveTo({
      // A little lower than the middle: the buttons lie above.
      position: { x: (left + right) / 2, y: (top + bottom) / 2 - 14 / scale },
      scale: Math.max(scale, 0.02),
      animation: animate ? motion() : false,
    });
  };
  const everything = data.nodes.map((node) => node.id);
  const pathNodes = () => data.walks[state.walk].nodes;
  // A large network opens on its path: that is what was asked for.
  const home = () => (onAnyPath.nodes.size && fitting(everything) < 0.55 ? [...onAnyPath.nodes] : everything);
  show(home(), false);
  new ResizeObserver(() => { if (!state.node && !state.edge) show(home(), false); }).observe(canvas);

  const zoom = (factor) => network.moveTo({ scale: Math.min(Math.max(network.getScale() * factor, 0.05), 4), animation: motion() });
  const on = (id, event, act) => { const element = document.getElementById(id); if (element) element.addEventListener(event, act); };
  on("zoom-in", "click", () => zoom(1.35));
  on("zoom-out", "click", () => zoom(1 / 1.35));
  on("show-all", "click", () => show(everything, true));
  on("show-path", "click", () => show(pathNodes(), true));
  on("dim", "click", (event) => {
    state.dim = !state.dim;
    event.currentTarget.setAttribute("aria-pressed", state.dim);
    network.redraw();
  });
  const holdWheel = (held) => network.setOptions({ interaction: { zoomView: held } });
  canvas.addEventListener("pointerdown", () => { canvas.focus({ preventScroll: true }); holdWheel(true); });
  canvas.addEventListener("focusout", (event) => { if (!canvas.contains(event.relatedTarget)) holdWheel(false); });
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-60, 0], ArrowRight: [60, 0], ArrowUp: [0, -60], ArrowDown: [0, 60] }[event.key];
    if (step) {
      const at = network.getViewPosition();
      network.moveTo({ position: { x: at.x + step[0] / state.scale, y: at.y + step[1] / state.scale } });
    } else if (event.key === "+" || event.key === "-") zoom(event.key === "+" ? 1.35 : 1 / 1.35);
    else if (event.key === "Escape") document.activeElement.blur();
    else return;
    event.preventDefault();
  });

  // ---- what is selected; data becomes text, never markup
  const panel = document.getElementById("selected");
  const body = document.getElementById("selected-body");
  const make = (name, text, className) => {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    if (className) element.className = className;
    return element;
  };
  const list = (facts) => {
    const dl = make("dl");
    for (const fact of facts) {
      const row = make("div");
      const dd = make("dd");
      dd.append(make("bdi", fact.value));
      row.append(make("dt", fact.name), dd);
      dl.append(row);
    }
    return dl;
  };
  const describe = (row) => {
    const parts = [make("h2", row.heading)];
    const kind = make("p", row.kind, "muted");
    if (row.standing) kind.append(" · ", make("span", row.standing, "standing " + row.standing));
    parts.push(kind, list([...row.properties, ...row.facts]));
    if (row.records.length) {
      const records = make("p", undefined, "records");
      for (const id of row.records) records.append(make("code", id), " ");
      if (row.unlisted) records.append(make("span", `and ${row.unlisted} more`, "muted"));
      parts.push(make("h3", "Records"), records);
    }
    body.replaceChildren(...parts);
    panel.hidden = false;
  };
  const mark = (selector, name, value) => {
    for (const element of document.querySelectorAll(selector)) {
      const hit = value !== null && Number(element.dataset[name]) === value;
      hit ? element.setAttribute("aria-current", "true") : element.removeAttribute("aria-current");
    }
  };
  const select = (node, edge) => {
    state.node = node;
    state.edge = edge;
    mark(".hop", "edge", edge);
    const hop = edge === null ? null : document.querySelector(`.hop[data-edge="${edge}"]`);
    if (node !== null) describe(data.rows.nodes[node - 1]);
    else if (edge !== null && !hop) describe(data.rows.edges[edge - 1]);
    else panel.hidden = true;
    if (hop) {
      state.walk = Number(hop.dataset.walk) - 1;
      markWalk();
      hop.scrollIntoView({ block: "nearest", behavior: calm.matches ? "auto" : "smooth" });
    }
    network.redraw();
  };
  const focusEdge = (edge) => {
    select(null, edge);
    const { from, to } = byEdge.get(edge);
    show([from, to], true, Math.max(0.9, Math.min(network.getScale(), 1.4)));
  };
  const focusNode = (node) => {
    select(node, null);
    network.moveTo({ position: { x: byNumber.get(node).x, y: byNumber.get(node).y }, scale: Math.max(network.getScale(), 0.8), animation: motion() });
  };
  const markWalk = () => {
    for (const button of document.querySelectorAll(".pick-walk")) button.setAttribute("aria-pressed", Number(button.dataset.walk) === state.walk + 1);
  };
  network.on("click", (event) => {
    if (event.nodes.length) select(event.nodes[0], null);
    else if (event.edges.length) select(null, event.edges[0]);
    else select(null, null);
  });
  network.on("hoverNode", () => { canvas.style.cursor = "pointer"; });
  network.on("blurNode", () => { canvas.style.cursor = ""; });
  on("close", "click", () => select(null, null));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") select(null, null); });
  // On narrow pages the figure may have scrolled away from what is clicked.
  const reveal = () => {
    const { top, bottom } = canvas.getBoundingClientRect();
    if (top > innerHeight * 0.6 || bottom < innerHeight * 0.4) document.getElementById("figure").scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
  };
  for (const hop of document.querySelectorAll(".hop")) {
    hop.addEventListener("click", () => {
      if (hop.dataset.edge === "0") return;
      focusEdge(Number(hop.dataset.edge));
      reveal();
    });
  }
  for (const button of document.querySelectorAll(".pick-walk")) {
    button.addEventListener("click", () => {
      state.walk = Number(button.dataset.walk) - 1;
      markWalk();
      select(null, null);
      show(pathNodes(), true);
    });
  }
  for (const button of document.querySelectorAll(".pick")) {
    button.addEventListener("click", () => {
      button.dataset.node ? focusNode(Number(button.dataset.node)) : focusEdge(Number(button.dataset.edge));
      reveal();
    });
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { readColours(); network.redraw(); });
  root.dataset.ready = "true";
})();
