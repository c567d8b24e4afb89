// A case of this workspace: a party that saved queries find close to a seized one, as it is on record.
import { entityPath, get, post } from "../api.js";
import { tellCards } from "../cards.js";

/** Saved queries whose rows name a newcomer beside a seized party, the most telling first. */
const SOURCES = [
  ["networks/newcomers_sharing_two", "newcomer_id"],
  ["sellers/reopened_with_seized_phone", "seller_id"],
  ["addresses/newcomers_at_seized_address", "newcomer_id"],
];
const FIELDS = { Phone: "phones", Email: "emails", Address: "addresses", Website: "websites", Officer: "officers" };

let next = 0;

/** A question filled with what is on record of such a party, another one at each call; null when there is none. */
export async function findExample() {
  for (const [name, column] of SOURCES) {
    const answer = await post(`/v1/queries/${name}/run`, { params: { limit: 100 } });
    const [newcomer, seized] = [column, "seized_id"].map((wanted) => answer.columns.findIndex(({ name: is }) => is === wanted));
    const pairs = answer.rows.map((row) => [row[newcomer], row[seized]]);
    const cards = await tellCards([...new Set(pairs.flat())].slice(0, 500));
    const telling = pairs.filter(([one, other]) => isTelling(cards[one], cards[other]));
    if (telling.length) return question(await get(`/v1/entities/${entityPath(telling[next++ % telling.length][0])}`));
  }
  return null;
}

/** Another name than the seized party's, and nothing seized itself: the link is the news. */
function isTelling(newcomer, seized) {
  if (!newcomer || !seized || newcomer.standing === "seized") return false;
  const [one, other] = [newcomer, seized].map((card) => card.caption.toLowerCase().split(/[^\p{L}\p{N}]+/u));
  return one[0].slice(0, 4) !== other[0].slice(0, 4) && one.filter((word) => word.length > 3 && other.includes(word)).length < 2;
}

async function question(node) {
  const found = await get(`/v1/entities/${entityPath(node.id)}/neighbours`, { types: Object.keys(FIELDS).join(","), limit: 12 });
  const asked = { name: node.caption };
  for (const value of found.items) {
    const field = FIELDS[value.label];
    if (field) asked[field] = [...(asked[field] ?? []), value.caption];
  }
  if (node.label === "Seller") asked.sellers = [{ platform: node.properties.platform, seller_id: node.properties.seller_id }];
  return asked;
}
