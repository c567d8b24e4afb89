// The look-up page: the form asks by POST, so that no identity number ever stands in an address.
import { post, saveAnswer, saveText } from "./api.js";
import { fill, find, h } from "./dom.js";
import { pageOf } from "./evidence.js";
import { icon } from "./icons.js";
import { asides, candidates, completeness, linkCards, verdict } from "./lookup/answer.js";
import { findExample } from "./lookup/example.js";
import { prepare, question, showQuestion } from "./lookup/form.js";
import { attempt, problemBox, waiting } from "./messages.js";

const page = find("#lookup");
const form = find("#form");
const place = find("#answer");
const trouble = find("#form-problem");
const json = find("#json");
const tabs = [...form.querySelectorAll("[role=tab]")];

prepare(form);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
form.addEventListener("reset", () => {
  fill(trouble);
  fill(place);
  page.classList.remove("answered");
});
tabs.forEach((tab, i) => {
  tab.addEventListener("click", () => open(tab));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    const next = tabs[(i + step + tabs.length) % tabs.length];
    open(next);
    next.focus();
  });
});
find("#example").addEventListener("click", fillExample);
// Before the listeners are there, a press would send the form as a page.
for (const button of [find("#example"), find("#ask")]) button.disabled = false;

function open(chosen) {
  if (chosen.getAttribute("aria-selected") === "true") return;
  if (chosen.id === "tab-json") json.value = JSON.stringify(question(form), null, 2);
  else if (!keepJson()) return;
  for (const tab of tabs) {
    const on = tab === chosen;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    find(`#${tab.getAttribute("aria-controls")}`).hidden = !on;
  }
}

/** What was written as JSON goes into the fields; a mistake keeps the tab open. */
function keepJson() {
  const party = readJson();
  if (!party) return false;
  const options = party.as_of;
  const others = showQuestion(form, party.question);
  if (options) find("#f-as_of").value = options.slice(0, 10);
  if (others.length) return complain({ title: "Some fields have no place in the form", detail: `The form does not know ${others.join(", ")}; ask with the JSON instead.` });
  return true;
}

/** The party in the JSON box and when it is asked for; null with a message when it cannot be read. */
function readJson() {
  let body;
  try {
    body = JSON.parse(json.value || "{}");
  } catch (error) {
    return complain({ title: "This is not JSON yet", detail: error.message }) || null;
  }
  if (!body || typeof body !== "object" || Array.isArray(body)) return complain({ title: "JSON of a party is an object", detail: 'Write {"name": "…"}.' }) || null;
  if (!body.queries) return { question: body };
  const asked = Object.values(body.queries);
  if (asked.length !== 1) return complain({ title: "This page asks about one party", detail: `The request holds ${asked.length}; send them to POST /v1/links/lookup together.` }) || null;
  return { question: asked[0], as_of: body.as_of, paths: body.paths, limit: body.limit, max_hops: body.max_hops };
}

function complain(problem) {
  fill(trouble, problemBox(problem));
  return false;
}

function request() {
  const byJson = tabs[1].getAttribute("aria-selected") === "true";
  const read = byJson ? readJson() : { question: question(form), as_of: find("#f-as_of").value || undefined };
  if (!read) return null;
  const { question: asked, ...options } = read;
  if (!Object.keys(asked).length) {
    complain({ title: "There is nothing to ask yet", detail: "Give at least one field: a phone or an address says most." });
    find("#f-name").focus();
    return null;
  }
  return { queries: { party: asked }, paths: 5, ...JSON.parse(JSON.stringify(options)) };
}

async function ask() {
  fill(trouble);
  const body = request();
  if (!body) return;
  page.classList.add("answered");
  if (innerWidth <= 1000) find(".more-fields", form).open = false;
  waiting(place, "Looking up …");
  const whole = await attempt(place, () => post("/v1/links/lookup", body));
  if (whole) await show(whole, body);
}

async function show(whole, body) {
  const answer = Object.values(whole.responses)[0];
  const picture = h("div", {});
  let network = null;
  const choose = (link) => network?.highlight(link.path);
  fill(
    place,
    h("div", { class: "row answer-head" }, h("h2", {}, `Answer: ${body.queries.party.name ?? "the party asked about"}`), downloads(whole, body)),
    verdict(answer, whole),
    h("div", { class: "answer-body" },
      h("div", { class: "stack" }, linkCards(answer, whole.graph, choose), candidates(answer), completeness(answer), asides(answer)),
      answer.links.length ? h("section", { class: "beside", "aria-label": "Network of the answer" }, picture) : null),
  ); // prettier-ignore
  place.focus({ preventScroll: true });
  if (innerWidth <= 1000) place.scrollIntoView();
  if (answer.links.length) {
    network = await draw(picture, whole.graph, answer.links[0].path);
    choose(answer.links[0]);
  }
}

async function draw(picture, graph, path) {
  const { NetworkView } = await import("./network/view.js");
  const network = new NetworkView(picture, { href: pageOf, title: "Network of the answer", filename: "look-up" });
  picture.firstElementChild.classList.add("small");
  network.show(graph, { from: path.nodes[0] });
  return network;
}

function downloads(whole, body) {
  const button = (name, words, action) => h("button", { type: "button", class: "quiet", on: { click: action } }, icon(name), words);
  return h("div", { class: "row downloads" },
    button("download", "Report (HTML)", () => attempt(trouble, () => saveAnswer("/v1/pages/report", body, "look-up.html"))),
    button("download", "JSON", () => saveText(JSON.stringify(whole, null, 2), "look-up.json", "application/json")),
    button("printer", "Print", () => print())); // prettier-ignore
}

async function fillExample() {
  const button = find("#example");
  button.disabled = true;
  fill(trouble);
  const found = await attempt(trouble, findExample);
  button.disabled = false;
  if (found) {
    open(tabs[0]);
    showQuestion(form, found);
    await ask();
  } else if (!trouble.hasChildNodes()) complain({ title: "There is no case to show", detail: "No party here shares anything with a seized one, or nothing is loaded yet." });
}
