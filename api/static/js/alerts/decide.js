// The dialog that asks for the reason of a decision.
import { fill, find } from "../dom.js";

/** What may be said of an alert: on the button, when it is done, and by which key. */
export const WORDS = {
  watching: { does: "Watch", done: "Watched", key: "w" },
  confirmed: { does: "Confirm", done: "Confirmed", key: "c" },
  cleared: { does: "Clear", done: "Cleared", key: "x" },
  open: { does: "Open again", done: "Open again", key: "o" },
};

const dialog = find("#decide");
const why = find("#why");

/** Ask why; null when the person thinks better of it. */
export function askWhy(status, alert) {
  fill(find("#decide-title"), `${WORDS[status].does}: ${alert.told.party.caption}`);
  fill(find("#decide-about"), alert.told.sentence);
  fill(find("#decide-go"), WORDS[status].does);
  why.value = "";
  dialog.returnValue = "";
  dialog.showModal();
  why.focus();
  return new Promise((settle) => {
    dialog.addEventListener("close", () => settle(dialog.returnValue === "said" && why.value.trim() ? why.value.trim() : null), { once: true });
  });
}

find("#decide-form").addEventListener("submit", () => {
  dialog.returnValue = "said";
});
find("#decide-form").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) find("#decide-go").click();
});
find("#decide-cancel").addEventListener("click", () => dialog.close());
