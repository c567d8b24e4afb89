/*---
title: Manufacturers whose goods were seized from several importers
description: |
  A row is a manufacturer (MID) whose goods were seized from at least min_importers importers: the source behind
  names that change. The last column counts who else buys there now.
  Misleads when the declared MID is that of a trader or freight agent, and where large makers feed whole markets.
params:
  since:         {type: date, default: 2023-01-01, help: Seizures on or after this day.}
  min_importers: {type: integer, default: 2, min: 1, max: 1000, help: Least number of seized importers.}
  limit:         {type: integer, default: 100, min: 1, max: 1000}
columns:
  manufacturer_id:  {type: entity, label: Manufacturer}
  seized_importers: {type: integer, label: Seized importers}
  importer_ids:     {type: list, label: Which}
  seizures:         {type: integer, label: Seizures}
  last_seized:      {type: date, label: Last seizure}
  buyers:           {type: integer, label: Parties that buy there}
tags: [seizures, manufacturers]
---*/
MATCH (seizure:Seizure)-[:SEIZED_FROM]->(shipment:Shipment)
WHERE seizure.seized_on >= $since AND seizure.status <> 'released'
MATCH (shipment)-[:MADE_BY]->(manufacturer:Manufacturer)
MATCH (importer:Importer)-[:IMPORTED]->(shipment)
WITH manufacturer, seizure, importer.uid AS importer_id
ORDER BY importer_id
WITH manufacturer,
     collect(DISTINCT importer_id) AS importer_ids,
     count(DISTINCT seizure) AS seizures,
     max(seizure.seized_on) AS last_seized
WHERE size(importer_ids) >= $min_importers
RETURN manufacturer.uid AS manufacturer_id,
       size(importer_ids) AS seized_importers,
       importer_ids[..20] AS importer_ids,
       seizures,
       last_seized,
       manufacturer.parties AS buyers
ORDER BY seized_importers DESC, seizures DESC, manufacturer_id
LIMIT $limit
