// How clusters read.
import { counted } from "../words.js";

/** The page of a cluster. */
export const clusterPage = (id) => `/clusters/${encodeURIComponent(id).replaceAll("%3A", ":")}`;

const PARTIES = new Set(["Importer", "Seller", "Shipper"]);

/** The way to the cluster that a node belongs to, null for what belongs to none: only parties do. */
export const clusterOf = (id, label) => (PARTIES.has(label) ? `/clusters?member=${encodeURIComponent(id).replaceAll("%3A", ":").replaceAll("%2F", "/")}` : null);

/** What happened to a cluster, in words; the other clusters are named after it. */
export function happened({ event, members, moved, others }) {
  switch (event) {
    case "born":
      return `Born with ${counted(members, "member")}${others.length ? ", parted from" : ""}`;
    case "grew":
      return `Grew by ${moved} to ${counted(members, "member")}`;
    case "shrank":
      return `Shrank by ${moved} to ${counted(members, "member")}`;
    case "merged":
      return members ? `Took in ${counted(moved, "member")} of` : "Merged into";
    case "split":
      return `Split: ${counted(moved, "member")} went to`;
    default:
      return "Fell apart";
  }
}
