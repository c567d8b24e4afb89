// How values read: numbers, days, names of fields and kinds.

const LOCALE = "en-US";

export const count = (number) => (number ?? 0).toLocaleString(LOCALE);

/** A number with its noun: `1 record`, `1,200 parties`. */
export function counted(number, one, many = `${one}s`) {
  return `${count(number)} ${number === 1 ? one : many}`;
}

export const percent = (share) => `${Math.round(share * 100)}%`;

/** The day of a day or moment; what cannot be read stays as it is. */
export const day = (text) => (text ? String(text).slice(0, 10) : "");

/** `2024-07-23 to 2024-12-23`, or one day. */
export function period(first, last) {
  const [from, to] = [day(first), day(last)];
  if (!from || !to || from === to) return from || to;
  return `${from} to ${to}`;
}

/** What was seized under a party's importer number on the filing of another. */
export const notCounted = ({ sentence }) => `Not counted against its owner: ${sentence}.`;

const LABELS = {
  Importer: ["Importer", "Importers"],
  Seller: ["Seller", "Sellers"],
  Shipper: ["Shipper", "Shippers"],
  Shipment: ["Shipment", "Shipments"],
  Address: ["Address", "Addresses"],
  Phone: ["Phone", "Phones"],
  Email: ["E-mail", "E-mails"],
  Website: ["Website", "Websites"],
  BankAccount: ["Bank account", "Bank accounts"],
  Officer: ["Officer", "Officers"],
  Manufacturer: ["Manufacturer", "Manufacturers"],
  Broker: ["Broker", "Brokers"],
  Port: ["Port", "Ports"],
  Commodity: ["Commodity", "Commodities"],
  Seizure: ["Seizure", "Seizures"],
  WatchlistEntry: ["Watch list entry", "Watch list entries"],
  Report: ["Report", "Reports"],
  Query: ["Asked about", "Asked about"],
};

/** A label of the schema as people say it. */
export function kind(label, many = false) {
  return LABELS[label]?.[many ? 1 : 0] ?? spaced(label);
}

const FIELDS = {
  addresses: "Addresses", phones: "Phones", emails: "E-mails", importer_number: "Importer number",
  sellers: "Marketplace sellers", manufacturer_ids: "Manufacturer ids (MID)", websites: "Websites",
  bank_accounts: "Bank accounts", officers: "Officers", tax_ids: "Tax ids", shippers: "Shippers",
  descriptions: "Descriptions", listing_urls: "Listing addresses", hts: "HTS numbers", origin_country: "Origin",
  port_code: "Port", filer_code: "Broker (filer code)", uid: "Id", hts6: "HTS, 6 digits", value_usd: "Value, US$",
  msrp_usd: "Retail value, US$", weight_kg: "Weight, kg", dba: "Doing business as", mail_drop: "Mail drop",
  parties: "Used by parties", first_seen: "First seen", last_seen: "Last seen", filed_at: "Filed", id: "Id",
  known_at: "Known since", name_key: "Name, folded", seized_on: "Seized on", shipment_id: "Shipment",
}; // prettier-ignore

const CATEGORIES = { ipr: "IPR" };

/** A category of seizures as people write it. */
export const category = (name) => CATEGORIES[name] ?? spaced(name);

/** A field or property name as people say it. */
export const field = (name) => FIELDS[name] ?? spaced(name);

/** `postal_code` and `SHARES_PHONE` as words. */
export function spaced(name) {
  const words = String(name).replace(/([a-z])([A-Z])/g, "$1 $2").replaceAll("_", " ").trim().toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A property's value as text. */
export function value(given) {
  if (given === null || given === undefined || given === "") return "";
  if (given === true) return "yes";
  if (given === false) return "no";
  if (Array.isArray(given)) return given.map(value).join("; ");
  if (typeof given === "number") return given.toLocaleString(LOCALE, { maximumFractionDigits: 3 });
  if (typeof given === "object") return JSON.stringify(given);
  return /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|\+00:00)$/.test(given) ? `${given.slice(0, 16).replace("T", " ")} UTC` : String(given);
}

/** A record id as people read it; what the question itself said has no record. */
export const record = (id) => (id.startsWith("query:") ? "this look-up" : id);
