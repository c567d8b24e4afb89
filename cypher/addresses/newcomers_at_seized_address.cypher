/*---
title: Newcomers at a seized importer's address
description: |
  A row is an importer that was first seen at the address of a seized importer after that importer's last seizure:
  a business come back under a new name. Released goods do not count as seized.
  Misleads where tenants change often; mail drops and addresses busier than max_tenants are left out.
params:
  since:       {type: date, default: 2023-01-01, help: Seizures on or after this day.}
  max_tenants: {type: integer, default: 12, min: 2, max: 1000, help: Leave out addresses with more parties.}
  limit:       {type: integer, default: 100, min: 1, max: 1000}
columns:
  seized_id:   {type: entity, label: Seized importer}
  newcomer_id: {type: entity, label: Newcomer}
  address_id:  {type: entity, label: Address}
  tenants:     {type: integer, label: Parties at the address}
  last_seized: {type: date, label: Last seizure}
  first_seen:  {type: date, label: Newcomer first seen}
tags: [addresses, seizures]
---*/
MATCH (seizure:Seizure)-[:SEIZED_FROM]->(seized:Importer)
WHERE seizure.seized_on >= $since AND seizure.status <> 'released'
WITH seized, max(seizure.seized_on) AS last_seized
MATCH (seized)-[:LOCATED_AT]->(address:Address)
WHERE address.parties <= $max_tenants AND NOT coalesce(address.mail_drop, false)
MATCH (address)<-[:LOCATED_AT]-(newcomer:Importer)
WHERE newcomer.uid <> seized.uid AND newcomer.first_seen > last_seized
RETURN seized.uid AS seized_id,
       newcomer.uid AS newcomer_id,
       address.uid AS address_id,
       address.parties AS tenants,
       last_seized,
       newcomer.first_seen AS first_seen
ORDER BY first_seen DESC, newcomer_id, seized_id, address_id
LIMIT $limit
