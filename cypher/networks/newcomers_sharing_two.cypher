/*---
title: Newcomers that share two things with a seized party
description: |
  A row is a party first seen since a day that shares at least min_kinds kinds of values (address, phone, e-mail,
  website, officer, bank account) with a party whose goods were seized. Two kinds at once are seldom chance.
  Misleads for branches of one lawful group: look at who signs and at the seizure's category.
params:
  since:     {type: date, default: 2024-01-01, help: Newcomers first seen on or after this day.}
  min_kinds: {type: integer, default: 2, min: 1, max: 6, help: Least number of kinds of values shared.}
  max_users: {type: integer, default: 12, min: 2, max: 1000, help: Leave out values that more parties use.}
  limit:     {type: integer, default: 100, min: 1, max: 1000}
columns:
  newcomer_id: {type: entity, label: Newcomer}
  seized_id:   {type: entity, label: Seized party}
  kinds:       {type: integer, label: Kinds shared}
  shares:      {type: list, label: Shares}
  first_seen:  {type: date, label: Newcomer first seen}
  last_seized: {type: date, label: Last seizure}
tags: [networks, seizures]
---*/
MATCH (seizure:Seizure)-[:SEIZED_FROM]->(seized:Importer|Seller)
WHERE seizure.status <> 'released'
WITH seized, max(seizure.seized_on) AS last_seized
MATCH (seized)-[link:LOCATED_AT|HAS_PHONE|HAS_EMAIL|HAS_WEBSITE|HAS_OFFICER|PAID_TO]->(value)
WHERE coalesce(value.parties, 0) <= $max_users
MATCH (value)<-[:LOCATED_AT|HAS_PHONE|HAS_EMAIL|HAS_WEBSITE|HAS_OFFICER|PAID_TO]-(newcomer)
WHERE newcomer.uid <> seized.uid AND newcomer.first_seen >= $since
WITH seized, last_seized, newcomer, type(link) AS kind
ORDER BY kind
WITH seized, last_seized, newcomer, collect(DISTINCT kind) AS shares
WHERE size(shares) >= $min_kinds
RETURN newcomer.uid AS newcomer_id,
       seized.uid AS seized_id,
       size(shares) AS kinds,
       shares,
       newcomer.first_seen AS first_seen,
       last_seized
ORDER BY kinds DESC, first_seen DESC, newcomer_id, seized_id
LIMIT $limit
