// A box for Cypher of one's own: what the guard refuses is shown at its line and column.
import { fill, find, h } from "./dom.js";
import { icon } from "./icons.js";
import { problemBox } from "./messages.js";
import { run } from "./query/results.js";

const form = find("#cypher-form");
const box = find("#cypher");
const place = find("#result");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
// Before the listener is there, a press would send the form as a page.
find("button.main", form).disabled = false;
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  ask();
});

function ask() {
  box.removeAttribute("aria-invalid");
  let params;
  try {
    params = JSON.parse(find("#params").value.trim() || "{}");
  } catch (error) {
    fill(place, problemBox({ title: "The parameters are not JSON yet", detail: error.message }));
    return;
  }
  run(place, "/v1/queries/run", { cypher: box.value, params }, "cypher", refusal);
}

/** A refusal with the line it is about; null for problems of another kind. */
function refusal(problem) {
  const at = /line (\d+),? column (\d+)/i.exec(problem.message);
  if (problem.status !== 422 || !at) return null;
  const [line, column] = [Number(at[1]), Number(at[2])];
  box.setAttribute("aria-invalid", "true");
  const start = box.value.split("\n").slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
  const go = () => {
    box.focus();
    box.setSelectionRange(start, start + 1);
  };
  return h("div", { class: "notice bad refusal", role: "alert" }, icon("triangle-alert", 18),
    h("div", {},
      h("p", { class: "notice-title" }, problem.title),
      h("p", {}, problem.message),
      shownLine(line, column),
      h("button", { type: "button", class: "quiet", on: { click: go } }, `Go to line ${line}, column ${column}`))); // prettier-ignore
}

function shownLine(line, column) {
  const text = box.value.split("\n")[line - 1] ?? "";
  const at = Math.min(column - 1, text.length);
  const word = /^(\w+|.)/u.exec(text.slice(at))?.[0] ?? " ";
  return h("pre", { class: "code" }, h("span", { class: "muted" }, `${line}  `), text.slice(0, at), h("mark", {}, word), text.slice(at + word.length));
}
