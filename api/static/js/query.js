// One saved query: its parameters, typed, and its rows.
import { fill, find } from "./dom.js";
import { run } from "./query/results.js";

const form = find("#run");
const place = find("#result");
const { name } = form.dataset;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!form.reportValidity()) return;
  run(place, `/v1/queries/${name}/run`, { params: params() }, name.replaceAll("/", "-"));
});

// Before the listener is there, a press would send the form as a page.
find("button.main", form).disabled = false;

const copy = find("#copy");
copy.addEventListener("click", async () => {
  await navigator.clipboard.writeText(find("#cypher-text").textContent);
  fill(copy, "Copied");
  setTimeout(() => fill(copy, "Copy"), 1500);
});

/** What the fields hold. Empty fields take their defaults; the server reads texts as the declared type. */
function params() {
  const given = {};
  for (const entry of form.querySelectorAll(".entry")) {
    const input = find("[name]", entry);
    if (input.value.trim() === "") continue;
    given[input.name] = input.value.trim();
  }
  return given;
}
