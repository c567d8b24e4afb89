/*---
title: Importer numbers used by somebody else
description: |
  A row is a consignee whose shipments carry an importer number that belongs to another importer, while their contacts
  contradict what the owner registered: the owner is a possible victim, not a suspect.
  Misleads after a move or a sale of the business that nobody registered. Numbers of private persons are masked and
  therefore left out.
params:
  since:         {type: date, default: 2023-01-01, help: Shipments filed on or after this day.}
  min_shipments: {type: integer, default: 1, min: 1, max: 10000, help: Least number of such shipments.}
  limit:         {type: integer, default: 100, min: 1, max: 1000}
columns:
  claimant_id: {type: entity, label: Who used the number}
  owner_id:    {type: entity, label: Whose number it is}
  shipments:   {type: integer, label: Shipments}
  value_usd:   {type: number, label: Value in USD}
  first_filed: {type: date, label: First}
  last_filed:  {type: date, label: Last}
tags: [shipments, identity]
---*/
MATCH (claimant:Importer)
WHERE claimant.claimed_number IS NOT NULL AND NOT claimant.claimed_number CONTAINS '*'
WITH collect(claimant) AS claimants
MATCH (owner:Importer)
WHERE owner.possible_victim = true
UNWIND [one IN claimants WHERE one.claimed_number = owner.number AND one.uid <> owner.uid] AS claimant
MATCH (claimant)-[:IMPORTED]->(shipment:Shipment)
WHERE shipment.importer_number_disputed = true AND shipment.filed_on >= $since
WITH claimant,
     owner,
     count(shipment) AS shipments,
     sum(shipment.value_usd) AS value_usd,
     min(shipment.filed_on) AS first_filed,
     max(shipment.filed_on) AS last_filed
WHERE shipments >= $min_shipments
RETURN claimant.uid AS claimant_id,
       owner.uid AS owner_id,
       shipments,
       round(toFloat(value_usd), 2) AS value_usd,
       first_filed,
       last_filed
ORDER BY shipments DESC, claimant_id, owner_id
LIMIT $limit
