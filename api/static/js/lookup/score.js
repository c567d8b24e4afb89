// The score on a scale from 0 to 1 with its interval.
import { svg } from "../dom.js";
import { percent } from "../words.js";

const [WIDTH, MARGIN] = [420, 10];
const at = (share) => MARGIN + share * (WIDTH - 2 * MARGIN);

export function scoreScale(score, [low, high]) {
  const words = `Score ${percent(score)}, interval ${percent(low)} to ${percent(high)}`;
  return svg(
    "svg",
    { class: "scale", viewBox: `0 0 ${WIDTH} 34`, role: "img", "aria-label": words, preserveAspectRatio: "xMinYMid meet" },
    svg("rect", { class: "scale-track", x: at(0), y: 6, width: at(1) - at(0), height: 10, rx: 5 }),
    svg("rect", { class: "scale-interval", x: at(low), y: 6, width: Math.max(at(high) - at(low), 3), height: 10, rx: 5 }),
    svg("circle", { class: "scale-mark", cx: at(score), cy: 11, r: 7 }),
    [0, 0.25, 0.5, 0.75, 1].map((share) => svg("text", { x: at(share), y: 31, "text-anchor": "middle" }, percent(share))),
  );
}
