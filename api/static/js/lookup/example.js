// A case of this workspace: a party that saved queries find close to a seized one, as it is on record.
import { entityPath, get, post } from "../api.js";

/** Saved queries whose rows name a newcomer beside a seized party, the most telling first. */
const SOURCES = ["networks/newcomers_sharing_two", "addresses/newcomers_at_seized_address", "sellers/reopened_with_seized_phone"];
const FIELDS = { Phone: "phones", Email: "emails", Address: "addresses", Website: "websites", Officer: "officers" };

/** A question filled with what is on record of such a party, and who it is; null when there is none. */
export async function findExample() {
  for (const name of SOURCES) {
    const answer = await post(`/v1/queries/${name}/run`, { params: { limit: 20 } });
    const at = answer.columns.findIndex((column) => column.name === "newcomer_id");
    const rows = answer.rows.filter((row) => row[at]);
    if (rows.length) return question(rows[Math.floor(Math.random() * rows.length)][at]);
  }
  return null;
}

async function question(id) {
  const { node, properties } = await get(`/v1/entities/${entityPath(id)}`);
  const found = await get(`/v1/entities/${entityPath(id)}/neighbours`, { types: Object.keys(FIELDS).join(","), limit: 12 });
  const asked = { name: node.caption };
  for (const { node: value } of found.items) {
    const field = FIELDS[value.label];
    if (field) asked[field] = [...(asked[field] ?? []), value.caption];
  }
  if (node.label === "Seller") asked.sellers = [{ platform: properties.platform, seller_id: properties.seller_id }];
  return { id, caption: node.caption, asked };
}
