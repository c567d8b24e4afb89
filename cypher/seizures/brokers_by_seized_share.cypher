/*---
title: Brokers by share of seized shipments
description: |
  A row is a broker (filer) with the shipments filed since a day and how many of them were seized.
  Misleads more than most: brokers file what importers bring, officers look harder at some lanes, and small counts
  jump. Read the counts before the share, and compare brokers of the same goods and port.
params:
  since:         {type: date, default: 2023-01-01, help: Shipments filed on or after this day.}
  min_shipments: {type: integer, default: 20, min: 1, max: 1000000, help: Leave out brokers with fewer shipments.}
  limit:         {type: integer, default: 50, min: 1, max: 500}
columns:
  broker_id: {type: entity, label: Broker}
  shipments: {type: integer, label: Shipments}
  seized:    {type: integer, label: Seized}
  share:     {type: number, label: Share seized}
tags: [seizures, brokers]
---*/
MATCH (seizure:Seizure)-[:SEIZED_FROM]->(shipment:Shipment)
WHERE seizure.status <> 'released' AND shipment.filed_on >= $since
MATCH (shipment)-[:FILED_BY]->(broker:Broker)
WITH broker, count(DISTINCT shipment) AS seized
MATCH (broker)<-[:FILED_BY]-(filed:Shipment)
WHERE filed.filed_on >= $since
WITH broker, seized, count(filed) AS shipments
WHERE shipments >= $min_shipments
RETURN broker.uid AS broker_id,
       shipments,
       seized,
       round(toFloat(seized) / shipments, 4) AS share
ORDER BY share DESC, shipments DESC, broker_id
LIMIT $limit
