/*---
title: Importers of goods under an order from a country
description: |
  A row is an importer that declared goods of a country while an order (WRO, finding, UFLPA) against such goods from
  there was in force, whoever made them.
  Misleads as an accusation: most orders name producers, and goods of others are lawful. It shows whom to ask for
  proof of origin. Goods sent on over a third country do not show.
params:
  country: {type: text, default: CN, help: Country of origin as ISO 3166 alpha-2.}
  lists:   {type: list of text, default: [WRO, FINDING, UFLPA], help: Lists whose orders count.}
  since:   {type: date, default: 2023-01-01, help: Shipments filed on or after this day.}
  limit:   {type: integer, default: 100, min: 1, max: 1000}
columns:
  importer_id: {type: entity, label: Importer}
  entry_id:    {type: entity, label: Order}
  shipments:   {type: integer, label: Shipments}
  value_usd:   {type: number, label: Value in USD}
  first_filed: {type: date, label: First}
  last_filed:  {type: date, label: Last}
  standing:    {type: text, label: Standing}
tags: [forced labor, orders]
---*/
MATCH (entry:WatchlistEntry)
WHERE entry.country = $country AND entry.list IN $lists
UNWIND entry.hts_prefixes AS prefix
WITH collect({
  entry: entry,
  prefix: prefix,
  hts6: left(prefix, 6),
  first_day: entry.effective_on,
  last_day: coalesce(entry.ended_on, '9999-12-31')
}) AS orders
MATCH (commodity:Commodity)
WHERE any(item IN orders WHERE commodity.hts6 STARTS WITH item.hts6)
MATCH (importer:Importer)-[:DECLARES]->(commodity)
WITH orders, collect(DISTINCT importer) AS importers
UNWIND importers AS importer
MATCH (importer)-[:IMPORTED]->(shipment:Shipment)
WHERE shipment.origin_country = $country AND shipment.filed_on >= $since
UNWIND [
  item IN orders
  WHERE shipment.hts STARTS WITH item.prefix
    AND shipment.filed_on >= item.first_day
    AND shipment.filed_on <= item.last_day
] AS item
WITH DISTINCT importer, item.entry AS entry, shipment
WITH importer,
     entry,
     count(shipment) AS shipments,
     sum(shipment.value_usd) AS value_usd,
     min(shipment.filed_on) AS first_filed,
     max(shipment.filed_on) AS last_filed
RETURN importer.uid AS importer_id,
       entry.uid AS entry_id,
       shipments,
       round(toFloat(value_usd), 2) AS value_usd,
       first_filed,
       last_filed,
       importer.standing AS standing
ORDER BY shipments DESC, importer_id, entry_id
LIMIT $limit
