// The button under a list that brings its next page.
import { fill, h } from "./dom.js";
import { attempt } from "./messages.js";

/**
 * Offer what follows on `page`. `ask(cursor)` fetches a page, `row(item)` draws an item, `tell(shown, page)` says how much
 * is shown, `added(rows)` is told of new rows.
 */
export function offerMore(place, list, page, { ask, row, tell, added = () => {} }) {
  tell(list.children.length, page);
  if (!page.next) return fill(place);
  const next = h("button", { type: "button", class: "quiet", on: { click: async () => {
    next.disabled = true;
    const following = await attempt(place, () => ask(page.next));
    if (!following) return;
    const rows = following.items.map(row);
    list.append(...rows);
    offerMore(place, list, following, { ask, row, tell, added });
    added(rows);
    rows[0]?.querySelector("a").focus();
  } } }, "Show more"); // prettier-ignore
  return fill(place, next);
}
