// Alerts: worked through by key or by button, every decision with its reason, the last one taken back by "u".
import { get, post } from "./api.js";
import { card, details } from "./alerts/card.js";
import { askWhy, WORDS } from "./alerts/decide.js";
import { fill, find, h } from "./dom.js";
import { attempt, empty, problemBox, waiting } from "./messages.js";
import { count, counted } from "./words.js";

const KEYS = { w: "watching", c: "confirmed", x: "cleared", o: "open" };
const UNDECIDED = ["open", "watching"];

const place = find("#alerts");
const more = find("#more");
const told = find("#told");
const filters = find("#filters");
const asked = new URLSearchParams(location.search);

const alerts = new Map();
let chosen = null;
let decided = null;

for (const name of ["status", "order"]) {
  const option = [...filters.elements[name]].find((one) => one.value === asked.get(name));
  if (option) option.checked = true;
}
filters.addEventListener("change", () => {
  const kept = new URLSearchParams({ status: filters.elements.status.value, order: filters.elements.order.value });
  history.replaceState(null, "", `/alerts?${kept}`);
  load();
});
document.addEventListener("keydown", pressed);
load();

async function load() {
  alerts.clear();
  choose(null);
  fill(more);
  waiting(place);
  const page = await attempt(place, () => ask(null));
  if (!page) return;
  if (!page.items.length) return nothing(page);
  const list = h("ol", { class: "alerts" });
  fill(place, list);
  show(list, page);
  choose(page.items[0].id, false);
}

/** A page of the API. */
async function ask(cursor) {
  const status = filters.elements.status.value;
  const wanted = { all: [], undecided: UNDECIDED }[status] ?? [status];
  const query = new URLSearchParams(wanted.map((one) => ["status", one]));
  query.set("order", filters.elements.order.value);
  return get(`/v1/alerts?${query}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
}

function nothing() {
  const all = filters.elements.status.value === "all";
  fill(find("#summary"), "No alerts");
  const hint = all ? "A load raises one for every new link between a party and a seizure." : "Choose All to see every alert.";
  fill(place, empty(all ? "No link to a seizure is new" : "Nothing here", hint));
}

function show(list, page) {
  for (const alert of page.items) {
    alerts.set(alert.id, alert);
    list.append(line(alert));
  }
  summarise(page.total);
  if (!page.next) return fill(more);
  const next = h("button", { type: "button", class: "quiet", on: { click: async () => {
    next.disabled = true;
    const following = await attempt(more, () => ask(page.next));
    if (following) show(list, following);
  } } }, "Show more"); // prettier-ignore
  return fill(more, next);
}

function summarise(total) {
  const shown = alerts.size;
  fill(find("#summary"), shown < total ? `${count(shown)} of ${counted(total, "alert")}` : counted(total, "alert"));
}

function line(alert) {
  const item = card(alert, { decide: (status) => decide(alert.id, status), open: () => toggle(alert.id) });
  item.addEventListener("focus", () => choose(alert.id, false));
  return item;
}

const item = (id) => place.querySelector(`[data-id="${CSS.escape(id)}"]`);

function choose(id, focus = true) {
  for (const one of place.querySelectorAll(".chosen")) one.classList.remove("chosen");
  chosen = id;
  if (!id) return;
  item(id)?.classList.add("chosen");
  if (focus) item(id)?.focus();
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest?.("input:not([type=radio]), textarea, select")) return;
  const key = event.key.toLowerCase();
  if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
  else if (key === "u") undo();
  else if (chosen && KEYS[key]) decide(chosen, KEYS[key]);
  else if (chosen && event.key === "Enter" && event.target.closest?.("[data-id]") === event.target) toggle(chosen);
  else return;
  event.preventDefault();
}

function step(by) {
  const ids = [...alerts.keys()];
  const at = ids.indexOf(chosen);
  choose(ids[Math.min(Math.max(at + by, 0), ids.length - 1)] ?? null);
}

async function toggle(id) {
  const body = find(".more", item(id));
  body.hidden = !body.hidden;
  if (body.hidden || body.childElementCount) return;
  waiting(body);
  const whole = await attempt(body, () => get(`/v1/alerts/${encodeURIComponent(id)}`));
  if (whole) fill(body, details(whole));
}

async function decide(id, status) {
  const why = await askWhy(status, alerts.get(id));
  if (why === null) return choose(id);
  const answer = await change(`/v1/alerts/${encodeURIComponent(id)}/disposition`, { status, why });
  if (!answer) return;
  decided = id;
  tell(`${WORDS[status].done}: ${answer.alert.told.party.caption}`, h("button", { type: "button", class: "quiet", on: { click: undo } }, "Undo"));
}

async function undo() {
  if (!decided) return tell("Nothing was decided here yet");
  const answer = await change(`/v1/alerts/${encodeURIComponent(decided)}/undo`, { why: "undone in the list" });
  if (!answer) return;
  tell(`Taken back: ${answer.alert.told.party.caption} is ${answer.alert.status}`);
  decided = null;
}

/** Send a change and show the alert as it stands then, where it stood. */
async function change(path, body) {
  try {
    const answer = await post(path, body);
    alerts.set(answer.alert.id, answer.alert);
    const fresh = line(answer.alert);
    item(answer.alert.id)?.replaceWith(fresh);
    choose(answer.alert.id);
    return answer;
  } catch (problem) {
    tell(problemBox(problem));
    return null;
  }
}

function tell(...words) {
  fill(told, words);
}
