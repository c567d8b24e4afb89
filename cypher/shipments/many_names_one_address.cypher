/*---
title: Addresses that receive parcels for many consignees
description: |
  A row is an address to which shipments went for many consignees, none of whom gives it as the address of a business
  registered there: a drop where parcels are collected.
  Misleads at dormitories, offices and pick-up points; mail drops are left out unless asked for.
params:
  since:          {type: date, default: 2023-01-01, help: Shipments filed on or after this day.}
  min_consignees: {type: integer, default: 4, min: 2, max: 100000, help: Least number of consignees.}
  mail_drops:     {type: boolean, default: false, help: Show mail drops too.}
  limit:          {type: integer, default: 100, min: 1, max: 1000}
columns:
  address_id: {type: entity, label: Address}
  address:    {type: text, label: Address as written}
  consignees: {type: integer, label: Consignees}
  shipments:  {type: integer, label: Shipments}
  seized:     {type: integer, label: Shipments seized}
  last_filed: {type: date, label: Last filed}
tags: [shipments, addresses]
---*/
MATCH (consignee:Importer)-[:IMPORTED]->(shipment:Shipment)-[:DELIVERED_TO]->(address:Address)
WHERE shipment.filed_on >= $since AND consignee.provisional = true
  AND ($mail_drops OR NOT coalesce(address.mail_drop, false))
WITH address,
     count(DISTINCT consignee) AS consignees,
     count(DISTINCT shipment) AS shipments,
     max(shipment.filed_on) AS last_filed
WHERE consignees >= $min_consignees
  AND NOT EXISTS {
    MATCH (address)<-[:LOCATED_AT]-(registered:Importer)
    WHERE coalesce(registered.provisional, false) = false
  }
OPTIONAL MATCH (address)<-[:DELIVERED_TO]-(parcel:Shipment)<-[:SEIZED_FROM]-(seizure:Seizure)
WHERE seizure.status <> 'released' AND parcel.filed_on >= $since
WITH address, consignees, shipments, last_filed, count(DISTINCT parcel) AS seized
RETURN address.uid AS address_id,
       address.caption AS address,
       consignees,
       shipments,
       seized,
       last_filed
ORDER BY consignees DESC, shipments DESC, address_id
LIMIT $limit
