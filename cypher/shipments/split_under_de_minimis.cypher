/*---
title: Shipments split to stay under the de minimis value
description: |
  A row is an address and a week (from Monday) in which several shipments just under the de minimis value arrived that
  together exceed it: one consignment cut into pieces. 19 U.S.C. 1321 lets one person import up to 800 dollars a day.
  Misleads at addresses of many customers, so busier ones are left out, and a run over a Sunday shows as two weeks.
params:
  since:         {type: date, default: 2023-01-01, help: Shipments filed on or after this day.}
  de_minimis:    {type: number, default: 800, min: 1, max: 1000000, help: De minimis value in US dollars.}
  at_least:      {type: number, default: 500, min: 0, max: 1000000, help: Least value that counts as just under.}
  min_shipments: {type: integer, default: 3, min: 2, max: 10000, help: Least number of shipments in the week.}
  max_parties:   {type: integer, default: 5, min: 1, max: 10000, help: Leave out addresses that more parties use.}
  limit:         {type: integer, default: 100, min: 1, max: 1000}
columns:
  address_id: {type: entity, label: Address}
  week:       {type: date, label: Week from}
  shipments:  {type: integer, label: Shipments}
  value_usd:  {type: number, label: Value together in USD}
  consignees: {type: integer, label: Consignees}
  sellers:    {type: integer, label: Sellers}
tags: [shipments, value]
---*/
MATCH (shipment:Shipment)
WHERE shipment.filed_on >= $since AND shipment.value_usd >= $at_least AND shipment.value_usd <= $de_minimis
MATCH (shipment)-[:DELIVERED_TO]->(address:Address)
WHERE coalesce(address.parties, 0) <= $max_parties
WITH address,
     toString(date.truncate('week', date(shipment.filed_on))) AS week,
     collect(shipment) AS parts,
     sum(shipment.value_usd) AS value_usd
WHERE size(parts) >= $min_shipments AND value_usd > $de_minimis
UNWIND parts AS part
OPTIONAL MATCH (part)<-[:IMPORTED]-(consignee:Importer)
OPTIONAL MATCH (part)-[:SOLD_BY]->(seller:Seller)
WITH address,
     week,
     value_usd,
     count(DISTINCT part) AS shipments,
     count(DISTINCT consignee) AS consignees,
     count(DISTINCT seller) AS sellers
RETURN address.uid AS address_id,
       week,
       shipments,
       round(toFloat(value_usd), 2) AS value_usd,
       consignees,
       sellers
ORDER BY value_usd DESC, week DESC, address_id
LIMIT $limit
