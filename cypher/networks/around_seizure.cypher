/*---
title: The network around a seizure
description: |
  A row is a party that hangs together with the seized one over shared values: how many steps away (one step is party,
  shared value, party), the rarest value of the last step and the party before it. Values that more than max_users
  parties use are not followed.
  Misleads beyond the first step: each further step is a weaker reason, so read it from the seized party outwards.
params:
  seizure:   {type: entity, help: The seizure to start from.}
  steps:     {type: integer, default: 2, min: 1, max: 3, help: How many steps to go.}
  max_users: {type: integer, default: 10, min: 2, max: 50, help: Do not follow values that more parties use.}
  limit:     {type: integer, default: 200, min: 1, max: 1000}
columns:
  party_id:  {type: entity, label: Party}
  step:      {type: integer, label: Steps away}
  shares:    {type: text, label: Shares}
  value_id:  {type: entity, label: What}
  before_id: {type: entity, label: With}
  standing:  {type: text, label: Standing}
tags: [networks, seizures]
---*/
MATCH (:Seizure {uid: $seizure})-[:SEIZED_FROM]->(owner:Importer|Seller)
WITH collect(owner.uid) AS seized_ids
CALL () {
  MATCH (:Seizure {uid: $seizure})-[:SEIZED_FROM]->(seized:Importer|Seller)
  MATCH (seized)-[link:LOCATED_AT|HAS_PHONE|HAS_EMAIL|HAS_WEBSITE|HAS_OFFICER|PAID_TO]->(value)
  WHERE coalesce(value.parties, 0) <= $max_users
  MATCH (value)<-[:LOCATED_AT|HAS_PHONE|HAS_EMAIL|HAS_WEBSITE|HAS_OFFICER|PAID_TO]-(party)
  WHERE party.uid <> seized.uid
  RETURN party.uid AS party_id, party.standing AS standing, 1 AS step, type(link) AS shares,
         value.uid AS value_id, value.parties AS users, seized.uid AS before_id
  UNION
  MATCH (:Seizure {uid: $seizure})-[:SEIZED_FROM]->(seized:Importer|Seller)
  WHERE $steps >= 2
  MATCH (seized)-[:LOCATED_AT|HAS_PHONE|HAS_EMAIL|HAS_WEBSITE|HAS_OFFICER|PAID_TO]->(value_1)
  WHERE coalesce(value_1.parties, 0) <= $max_users
  MATCH (value_1)<-[:LOCATED_AT|HAS_PHONE|HAS_EMAIL|HAS_WEBSITE|HAS_OFFICER|PAID_TO]-(party_1)
  WHERE party_1.uid <> seized.uid
  WITH DISTINCT party_1
  MATCH (party_1)-[link:LOCATED_AT|HAS_PHONE|HAS_EMAIL|HAS_WEBSITE|HAS_OFFICER|PAID_TO]->(value)
  WHERE coalesce(value.parties, 0) <= $max_users
  MATCH (value)<-[:LOCATED_AT|HAS_PHONE|HAS_EMAIL|HAS_WEBSITE|HAS_OFFICER|PAID_TO]-(party)
  WHERE party.uid <> party_1.uid
  RETURN party.uid AS party_id, party.standing AS standing, 2 AS step, type(link) AS shares,
         value.uid AS value_id, value.parties AS users, party_1.uid AS before_id
  UNION
  MATCH (:Seizure {uid: $seizure})-[:SEIZED_FROM]->(seized:Importer|Seller)
  WHERE $steps >= 3
  MATCH (seized)-[:LOCATED_AT|HAS_PHONE|HAS_EMAIL|HAS_WEBSITE|HAS_OFFICER|PAID_TO]->(value_1)
  WHERE coalesce(value_1.parties, 0) <= $max_users
  MATCH (value_1)<-[:LOCATED_AT|HAS_PHONE|HAS_EMAIL|HAS_WEBSITE|HAS_OFFICER|PAID_TO]-(party_1)
  WHERE party_1.uid <> seized.uid
  WITH DISTINCT party_1
  MATCH (party_1)-[:LOCATED_AT|HAS_PHONE|HAS_EMAIL|HAS_WEBSITE|HAS_OFFICER|PAID_TO]->(value_2)
  WHERE coalesce(value_2.parties, 0) <= $max_users
  MATCH (value_2)<-[:LOCATED_AT|HAS_PHONE|HAS_EMAIL|HAS_WEBSITE|HAS_OFFICER|PAID_TO]-(party_2)
  WHERE party_2.uid <> party_1.uid
  WITH DISTINCT party_2
  MATCH (party_2)-[link:LOCATED_AT|HAS_PHONE|HAS_EMAIL|HAS_WEBSITE|HAS_OFFICER|PAID_TO]->(value)
  WHERE coalesce(value.parties, 0) <= $max_users
  MATCH (value)<-[:LOCATED_AT|HAS_PHONE|HAS_EMAIL|HAS_WEBSITE|HAS_OFFICER|PAID_TO]-(party)
  WHERE party.uid <> party_2.uid
  RETURN party.uid AS party_id, party.standing AS standing, 3 AS step, type(link) AS shares,
         value.uid AS value_id, value.parties AS users, party_2.uid AS before_id
}
WITH seized_ids, party_id, standing, step, shares, value_id, users, before_id
WHERE NOT party_id IN seized_ids
WITH party_id, standing, step, shares, value_id, users, before_id
ORDER BY step, users, value_id, before_id
WITH party_id, standing, collect({step: step, shares: shares, value_id: value_id, before_id: before_id})[0] AS nearest
RETURN party_id,
       nearest.step AS step,
       nearest.shares AS shares,
       nearest.value_id AS value_id,
       nearest.before_id AS before_id,
       standing
ORDER BY step, party_id
LIMIT $limit
