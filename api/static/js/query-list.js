// The list of saved queries, narrowed by words and tag; both stay in the address.
import { fill, find } from "./dom.js";
import { counted } from "./words.js";

const form = find("#narrow");
const words = find("#words");
const items = [...find("#list").children];

const asked = new URLSearchParams(location.search);
words.value = asked.get("words") ?? "";
const tag = [...form.elements.tag].find((option) => option.value === (asked.get("tag") ?? ""));
if (tag) tag.checked = true;

form.addEventListener("input", narrow);
form.addEventListener("submit", (event) => event.preventDefault());
narrow();

function narrow() {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  const chosen = form.elements.tag.value;
  let shown = 0;
  for (const item of items) {
    const text = item.textContent.toLowerCase();
    const fits = wanted.every((word) => text.includes(word)) && (!chosen || item.dataset.tags.split("|").includes(chosen));
    item.hidden = !fits;
    shown += fits;
  }
  find("#none").hidden = shown > 0;
  fill(find("#found"), counted(shown, "saved query", "saved queries"));
  const kept = new URLSearchParams(Object.entries({ words: words.value.trim(), tag: chosen }).filter(([, value]) => value));
  history.replaceState(null, "", kept.size ? `/queries?${kept}` : "/queries");
}
