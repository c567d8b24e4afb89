/*---
title: Neighbours in a seized importer's building
description: |
  A row is an importer in another unit of a building in which an importer was seized, first seen after that seizure:
  a business that moved one door on.
  Misleads in office towers, so buildings with more than max_units units are left out; still check that both units
  are real rooms of one small building.
params:
  since:     {type: date, default: 2023-01-01, help: Seizures on or after this day.}
  max_units: {type: integer, default: 8, min: 2, max: 500, help: Leave out buildings with more units.}
  limit:     {type: integer, default: 100, min: 1, max: 1000}
columns:
  seized_id:    {type: entity, label: Seized importer}
  neighbour_id: {type: entity, label: Neighbour}
  building_id:  {type: entity, label: Building}
  units:        {type: integer, label: Units in the building}
  last_seized:  {type: date, label: Last seizure}
  first_seen:   {type: date, label: Neighbour first seen}
tags: [addresses, seizures]
---*/
MATCH (seizure:Seizure)-[:SEIZED_FROM]->(seized:Importer)
WHERE seizure.seized_on >= $since AND seizure.status <> 'released'
WITH seized, max(seizure.seized_on) AS last_seized
MATCH (seized)-[:LOCATED_AT]->(unit:Address)-[:SAME_BUILDING]->(building:Address)
WITH seized, last_seized, unit, building, COUNT { (building)<-[:SAME_BUILDING]-() } AS units
WHERE units <= $max_units
MATCH (building)<-[:SAME_BUILDING]-(other:Address)<-[:LOCATED_AT]-(neighbour:Importer)
WHERE other.uid <> unit.uid AND neighbour.uid <> seized.uid AND neighbour.first_seen > last_seized
RETURN DISTINCT seized.uid AS seized_id,
       neighbour.uid AS neighbour_id,
       building.uid AS building_id,
       units,
       last_seized,
       neighbour.first_seen AS first_seen
ORDER BY first_seen DESC, neighbour_id, seized_id, building_id
LIMIT $limit
