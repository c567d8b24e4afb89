/*---
title: Watch list matches whose goods and origin are in scope
description: |
  A row is a party that looks like an entry of a watch list, with its shipments that fall under the entry: filed while
  it was in force, goods among its tariff prefixes, origin in its country.
  Misleads where little is known: the score is a capped probability, at most 0.5 by a name alone, 0.8 by the city
  besides; `reasons` on MATCHES tells what agreed. An entry without prefixes covers all goods, one without country all origins.
params:
  since:     {type: date, default: 2023-01-01, help: Shipments filed on or after this day.}
  min_score: {type: number, default: 0.8, min: 0, max: 1, help: Least score; 0.5 is a name alone.}
  limit:     {type: integer, default: 100, min: 1, max: 1000}
columns:
  party_id:   {type: entity, label: Party}
  entry_id:   {type: entity, label: Entry}
  list:       {type: text, label: List}
  score:      {type: number, label: Score}
  shipments:  {type: integer, label: Shipments in scope}
  value_usd:  {type: number, label: Value in USD}
  last_filed: {type: date, label: Last filed}
tags: [forced labor, watch list]
---*/
MATCH (party:Importer|Shipper|Seller)-[likeness:MATCHES]->(entry:WatchlistEntry)
WHERE likeness.score >= $min_score
MATCH (party)-[:IMPORTED|SHIPPED_BY|SOLD_BY]-(shipment:Shipment)
WHERE shipment.filed_on >= $since
  AND shipment.filed_on >= entry.effective_on
  AND (entry.ended_on IS NULL OR shipment.filed_on <= entry.ended_on)
  AND (entry.country IS NULL OR shipment.origin_country = entry.country)
  AND (size(coalesce(entry.hts_prefixes, [])) = 0
       OR any(prefix IN entry.hts_prefixes WHERE shipment.hts STARTS WITH prefix))
WITH party,
     entry,
     likeness.score AS score,
     count(DISTINCT shipment) AS shipments,
     sum(shipment.value_usd) AS value_usd,
     max(shipment.filed_on) AS last_filed
RETURN party.uid AS party_id,
       entry.uid AS entry_id,
       entry.list AS list,
       score,
       shipments,
       round(toFloat(value_usd), 2) AS value_usd,
       last_filed
ORDER BY score DESC, shipments DESC, party_id, entry_id
LIMIT $limit
