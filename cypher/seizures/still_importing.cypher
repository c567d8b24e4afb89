/*---
title: Importers that go on after seizures
description: |
  A row is an importer with at least min_seizures seizures that filed shipments after the last of them.
  Misleads for large importers, where a few seizures among many shipments are ordinary: look at the share of
  shipments seized, and at the category.
params:
  since:        {type: date, default: 2023-01-01, help: Seizures on or after this day.}
  min_seizures: {type: integer, default: 2, min: 1, max: 1000, help: Least number of seizures.}
  category:     {type: text, default: null, choices: [ipr, narcotics, pharmaceuticals, consumer_safety, forced_labor, other], help: Only seizures of this category.}
  limit:        {type: integer, default: 100, min: 1, max: 1000}
columns:
  importer_id: {type: entity, label: Importer}
  seizures:    {type: integer, label: Seizures}
  categories:  {type: list, label: Categories}
  last_seized: {type: date, label: Last seizure}
  shipments:   {type: integer, label: All shipments}
  since_then:  {type: integer, label: Shipments since}
  last_filed:  {type: date, label: Last filed}
tags: [seizures, importers]
---*/
MATCH (seizure:Seizure)-[:SEIZED_FROM]->(importer:Importer)
WHERE seizure.seized_on >= $since AND seizure.status <> 'released'
  AND ($category IS NULL OR seizure.category = $category)
WITH importer, seizure
ORDER BY seizure.category
WITH importer,
     count(DISTINCT seizure) AS seizures,
     collect(DISTINCT seizure.category) AS categories,
     max(seizure.seized_on) AS last_seized
WHERE seizures >= $min_seizures
MATCH (importer)-[:IMPORTED]->(shipment:Shipment)
WITH importer,
     seizures,
     categories,
     last_seized,
     count(shipment) AS shipments,
     sum(CASE WHEN shipment.filed_on > last_seized THEN 1 ELSE 0 END) AS since_then,
     max(shipment.filed_on) AS last_filed
WHERE since_then > 0
RETURN importer.uid AS importer_id,
       seizures,
       categories,
       last_seized,
       shipments,
       since_then,
       last_filed
ORDER BY seizures DESC, since_then DESC, importer_id
LIMIT $limit
