/*---
title: Sellers opened after a seizure with the seized party's phone or e-mail
description: |
  A row is a marketplace account opened after goods of another seller or importer were seized, with that party's
  telephone number or e-mail address: the shop that reopens under a new name.
  Misleads for numbers of agents and call centres: values used by more than max_users parties are left out.
params:
  since:     {type: date, default: 2023-01-01, help: Seizures on or after this day.}
  max_users: {type: integer, default: 6, min: 2, max: 1000, help: Leave out values that more parties use.}
  limit:     {type: integer, default: 100, min: 1, max: 1000}
columns:
  seller_id:   {type: entity, label: Reopened as}
  seized_id:   {type: entity, label: Seized party}
  contact_id:  {type: entity, label: Phone or e-mail}
  users:       {type: integer, label: Parties that use it}
  last_seized: {type: date, label: Last seizure before}
  opened_on:   {type: date, label: Opened}
tags: [sellers, seizures, contacts]
---*/
MATCH (seizure:Seizure)-[:SEIZED_FROM]->(seized:Seller|Importer)
WHERE seizure.seized_on >= $since AND seizure.status <> 'released'
WITH seized, collect(DISTINCT seizure.seized_on) AS days
MATCH (seized)-[:HAS_PHONE|HAS_EMAIL]->(contact:Phone|Email)
WHERE contact.parties <= $max_users
MATCH (contact)<-[:HAS_PHONE|HAS_EMAIL]-(seller:Seller)
WHERE seller.uid <> seized.uid
UNWIND days AS day
WITH seized, contact, seller, day
WHERE day < seller.opened_on
RETURN seller.uid AS seller_id,
       seized.uid AS seized_id,
       contact.uid AS contact_id,
       contact.parties AS users,
       max(day) AS last_seized,
       seller.opened_on AS opened_on
ORDER BY opened_on DESC, seller_id, seized_id, contact_id
LIMIT $limit
