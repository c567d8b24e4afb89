// How nodes and links look on the canvas, and where they stand. Cytoscape draws; symbols come from look.js.
import { colour, symbolImage, verb } from "../look.js";
import { counted } from "../words.js";

const CAPTION_LENGTH = 24;
const SIZE = { Shipment: 24, Query: 38, Importer: 36 };
/** A symbol's image is 44 wide, the symbol itself 26. */
const IMAGE_TO_SYMBOL = 44 / 26;

/** A node of an answer as Cytoscape keeps it. */
export function nodeElement(id, node) {
  return { group: "nodes", data: { ...node, id, hidden: 0 } };
}

/** A link of an answer as Cytoscape keeps it. */
export const edgeElement = (edge) => ({ group: "edges", data: { ...edge, seized: edge.properties?.seized ?? 0 } });

/** The style sheet in the colours of the theme shown now. */
export function styleSheet() {
  const [ink, muted, canvas, line, accent, seized] = ["ink", "muted", "canvas", "edge", "path", "seized"].map(colour);
  const text = {
    "font-family": "Inter, system-ui, sans-serif", "text-background-color": canvas, "text-background-opacity": 0.86,
    "text-background-padding": 2, "text-background-shape": "roundrectangle",
  }; // prettier-ignore
  const halo = { "overlay-color": accent, "overlay-shape": "ellipse" };
  return [
    { selector: "node", style: { ...text, ...nodeStyle, color: ink } },
    { selector: "edge", style: { ...text, ...edgeStyle(line), color: muted } },
    { selector: "edge[?seized]", style: { "line-color": seized, "target-arrow-color": seized, color: seized } },
    { selector: "edge.near", style: { "line-color": muted, "target-arrow-color": muted, label: edgeLabel } },
    { selector: "edge:selected", style: { "line-color": accent, "target-arrow-color": accent, label: edgeLabel, width: 3, color: ink } },
    { selector: "node:selected", style: { ...halo, "overlay-opacity": 0.15, "overlay-padding": 7, "font-weight": 700, "z-index": 9 } },
    { selector: "node.pinned", style: { "underlay-color": ink, "underlay-opacity": 0.13, "underlay-padding": 5, "underlay-shape": "ellipse" } },
    { selector: ".dim", style: { opacity: 0.12, "text-opacity": 0 } },
    { selector: "edge.dim", style: { opacity: 0.07 } },
    { selector: "edge.path", style: { width: 4, "line-color": accent, "target-arrow-color": accent, "line-style": edgeLine, "z-index": 8 } },
    { selector: "node.path", style: { ...halo, "overlay-opacity": 0.09, "overlay-padding": 5, "font-weight": 700, "z-index": 9 } },
    { selector: ".off", style: { display: "none" } },
  ]; // prettier-ignore
}

const size = (node) => SIZE[node.data("label")] ?? 30;
const imageSize = (node) => `${size(node) * IMAGE_TO_SYMBOL}px`;
const edgeLine = (edge) => ((edge.data("confidence") ?? 1) < 0.75 ? "dashed" : "solid");

const nodeStyle = {
  width: size,
  height: size,
  shape: "ellipse",
  "background-opacity": 0,
  "background-image": (node) => symbolImage(node.data("label"), node.data("standing"), node.data("hidden")),
  "background-width": imageSize,
  "background-height": imageSize,
  "background-clip": "none",
  "background-image-containment": "over",
  "bounds-expansion": 16,
  label: (node) => shortened(node.data("caption") ?? ""),
  "font-size": 10.5,
  "font-weight": 500,
  "text-valign": "bottom",
  "text-margin-y": (node) => (node.data("hidden") || ["seized", "trusted"].includes(node.data("standing")) ? 13 : 7),
  "min-zoomed-font-size": 6,
};

const edgeStyle = (line) => ({
  width: (edge) => (bundled(edge) ? Math.min(1.4 + 1.1 * Math.log2(1 + bundled(edge)), 7) : 1.5),
  "line-color": line,
  "line-style": edgeLine,
  "line-dash-pattern": [5, 4],
  "curve-style": "bezier",
  "control-point-step-size": 26,
  "target-arrow-shape": (edge) => (bundled(edge) ? "none" : "triangle-backcurve"),
  "target-arrow-color": line,
  "arrow-scale": 0.75,
  "font-size": 9,
  "text-rotation": "autorotate",
  "min-zoomed-font-size": 7,
  "line-cap": "round",
  label: (edge) => (edge.data("seized") ? edgeLabel(edge) : ""),
});

/** Shipments that a link stands for; 0 when it stands for itself. */
const bundled = (edge) => edge.data("properties")?.shipments ?? 0;

function edgeLabel(edge) {
  const shipments = bundled(edge);
  const { seized } = edge.data("properties") ?? {};
  if (!shipments) return verb(edge.data("type"), true);
  return `${counted(shipments, "shipment")}${seized ? `, ${seized} seized` : ""}`;
}

function shortened(text) {
  const letters = [...text];
  return letters.length > CAPTION_LENGTH ? `${letters.slice(0, CAPTION_LENGTH - 1).join("")}…` : text;
}
