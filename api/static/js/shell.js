// What every page has: search by "/", light or dark, and a place for the API key when the server wants one.
import { rememberKey } from "./api.js";
import { find, fill } from "./dom.js";
import { icon } from "./icons.js";
import { keepWords } from "./privacy.js";

const theme = find("#theme");
const keyDialog = find("#key-dialog");

document.addEventListener("keydown", (event) => {
  const writing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || writing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  (document.querySelector("[data-main-search]") ?? find("#find-words")).focus();
});

// Each search has an address of its own, for the back button, which tells nothing of its words.
for (const form of document.querySelectorAll("form[role=search]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const input = find("input[type=search]", form);
    if (input.value.trim()) location.assign(`/search?kept=${keepWords(input.value)}`);
    else input.focus();
  });
}

fill(theme, icon("sun-moon", 18));
theme.addEventListener("click", () => {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const shown = document.documentElement.dataset.theme ?? (dark ? "dark" : "light");
  const next = shown === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  localStorage.setItem("graphinv-theme", next);
  document.dispatchEvent(new CustomEvent("graphinv:theme"));
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  document.dispatchEvent(new CustomEvent("graphinv:theme"));
});

document.addEventListener("graphinv:key-wanted", () => {
  if (!keyDialog.open) keyDialog.showModal();
});
find("#key-form").addEventListener("submit", () => {
  rememberKey(find("#key").value.trim());
  location.reload();
});
find("#key-cancel").addEventListener("click", () => keyDialog.close());
