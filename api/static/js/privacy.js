// What people search for may be a number, a phone or a person's name: it stays out of addresses, which end in histories
// and logs. It is kept in the tab's memory, under a number that the address may hold, and goes out in a request's body.

const KEPT = "graphinv-search-";
const SHAPES = [/^\d{9}$/, /^\d{2}-\d{7}([A-Z0-9]{2})?$/i, /^\d{3}-\d{2}-\d{4}$/, /^\d{6}-\d{5}$/];

/** Whether these words are an importer number, an EIN or an SSN. */
export function looksLikeIdentityNumber(words) {
  const text = words.trim().replaceAll(/\s+/g, "");
  return SHAPES.some((shape) => shape.test(text));
}

/** Keep the words of a search for pages of this tab; returns the number that they are kept under. It is drawn by chance:
 * in another tab the same address must not find that tab's own search. */
export function keepWords(words) {
  const number = crypto.getRandomValues(new Uint32Array(1))[0];
  sessionStorage.setItem(KEPT + number, words.trim());
  return number;
}

/** The words kept under a number; null when this tab has none. */
export const keptWords = (number) => sessionStorage.getItem(KEPT + number);
