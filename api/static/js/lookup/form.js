// The look-up form: repeated fields, and the question that they make.
import { find, h } from "../dom.js";
import { icon } from "../icons.js";

const MANY = 50;

/** Let every repeated field grow and shrink. */
export function prepare(form) {
  for (const entry of entries(form, "[data-many]")) {
    find("[data-add]", entry).addEventListener("click", () => addValue(entry, {}).querySelector("input").focus());
  }
  form.addEventListener("reset", () => entries(form, "[data-many]").forEach(shrink));
}

/** The party question that the fields hold; empty fields are left out. */
export function question(form) {
  const asked = {};
  for (const entry of entries(form)) {
    const { field } = entry.dataset;
    if ("many" in entry.dataset) {
      const values = [...entry.querySelectorAll(".value")].map((line) => valueOf(entry, line)).filter(Boolean);
      if (values.length) asked[field] = values;
    } else if (find("input", entry).value.trim()) asked[field] = find("input", entry).value.trim();
  }
  return asked;
}

/** Put a question into the fields; returns the names of fields that the form does not have. */
export function showQuestion(form, asked) {
  form.reset();
  const known = new Map(entries(form).map((entry) => [entry.dataset.field, entry]));
  for (const [name, given] of Object.entries(asked)) {
    const entry = known.get(name);
    if (!entry || given === null) continue;
    const values = Array.isArray(given) ? given : [given];
    if (!("many" in entry.dataset)) find("input", entry).value = String(values[0] ?? "");
    else values.slice(0, MANY).forEach((value, i) => (i ? addValue(entry, value) : setValue(entry.querySelector(".value"), value)));
    entry.closest("details")?.setAttribute("open", "");
  }
  return Object.keys(asked).filter((name) => !known.has(name));
}

const entries = (form, more = "") => [...form.querySelectorAll(`.entry[data-field]${more}`)];

function valueOf(entry, line) {
  const inputs = [...line.querySelectorAll("input")];
  if (!("parts" in entry.dataset)) return inputs[0].value.trim();
  const parts = Object.fromEntries(inputs.map((input) => [input.dataset.part, input.value.trim()]));
  return Object.values(parts).some(Boolean) ? parts : null;
}

function setValue(line, value) {
  for (const input of line.querySelectorAll("input")) {
    if (input.dataset.part) input.value = value[input.dataset.part] ?? "";
    else input.value = typeof value === "object" ? Object.values(value).filter(Boolean).join(", ") : String(value);
  }
}

function addValue(entry, value) {
  const values = find(".values", entry);
  const line = values.firstElementChild.cloneNode(true);
  const number = values.children.length + 1;
  const { label } = entry.dataset;
  if (line.hasAttribute("aria-label")) line.setAttribute("aria-label", `${label} ${number}`);
  for (const input of line.querySelectorAll("input")) {
    input.removeAttribute("id");
    input.value = "";
    input.setAttribute("aria-label", `${input.getAttribute("aria-label")} ${number}`);
  }
  const drop = () => {
    line.remove();
    find("[data-add]", entry).hidden = false;
    find(".value:last-child input", values.parentElement).focus();
  };
  line.append(h("button", { type: "button", class: "quiet square", "aria-label": `Remove ${label.toLowerCase()} ${number}`, on: { click: drop } }, icon("x")));
  if (typeof value === "string" || Object.keys(value).length) setValue(line, value);
  values.append(line);
  find("[data-add]", entry).hidden = values.children.length >= MANY;
  return line;
}

function shrink(entry) {
  const values = find(".values", entry);
  while (values.children.length > 1) values.lastElementChild.remove();
}
