// What stands where an answer would: waiting, nothing found, something wrong.
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { field } from "./words.js";

/** Show that an answer is on its way, unless it comes at once; the next `fill` replaces it. */
export function waiting(place, words = "Asking …") {
  return fill(place, h("p", { class: "waiting", role: "status" }, h("span", { class: "spinner" }), words));
}

/** Nothing there: say so and name the way out. */
export function empty(title, ...hints) {
  return h("div", { class: "empty" }, h("p", { class: "empty-title" }, title), hints.map((hint) => h("p", {}, hint)));
}

/** A problem in plain words. `again` adds a button that tries once more. */
export function problemBox(problem, again = null) {
  const places = (problem.body?.errors ?? []).map(placed);
  return h(
    "div",
    { class: "notice bad", role: "alert" },
    icon("triangle-alert", 18),
    h(
      "div",
      {},
      h("p", { class: "notice-title" }, problem.title ?? "This page broke"),
      problem.detail ?? problem.message ? h("p", {}, problem.detail ?? problem.message) : null,
      places.length ? h("ul", {}, places.map((place) => h("li", {}, place))) : null,
      problem.retryAfter ? h("p", {}, `Try again in ${problem.retryAfter} s.`) : null,
      again ? h("button", { type: "button", class: "quiet", on: { click: again } }, "Try again") : null,
    ),
  );
}

/** Run `work`; what goes wrong is shown in `place` with a way to try again. */
export async function attempt(place, work) {
  try {
    return await work();
  } catch (error) {
    if (error.name === "AbortError") return null;
    fill(place, problemBox(error, error.status === 401 || error.status === 422 ? null : () => attempt(place, work)));
    if (error.status === undefined) console.error(error);
    return null;
  }
}

/** One place of the input, without what every request has in common (`body`, `queries`, the query's key). */
function placed({ location = [], message = "" }) {
  const inside = location.slice(location[1] === "queries" ? 3 : 1);
  const where = inside.map((part) => (typeof part === "number" ? `entry ${part + 1}` : field(part))).join(", ");
  return where ? `${where}: ${message}` : message;
}
