// Identity numbers (EIN, SSN) stay out of addresses: searched for by POST, and passed between pages in the tab's memory.

const KEPT = "graphinv-private-search";
const SHAPES = [/^\d{9}$/, /^\d{2}-\d{7}([A-Z0-9]{2})?$/i, /^\d{3}-\d{2}-\d{4}$/, /^\d{6}-\d{5}$/];

/** Whether these words are an importer number, an EIN or an SSN. */
export function looksLikeIdentityNumber(words) {
  const text = words.trim().replaceAll(/\s+/g, "");
  return SHAPES.some((shape) => shape.test(text));
}

/** Keep words for the page that opens next in this tab. */
export const keepPrivately = (words) => sessionStorage.setItem(KEPT, words.trim());

/** The words that were kept; empty when there are none. */
export const keptPrivately = () => sessionStorage.getItem(KEPT) ?? "";
