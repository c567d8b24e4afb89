/*---
title: Who shares something with a party
description: |
  A row is another party and one value that both gave: address, phone, e-mail, website, officer or bank account, the
  rarest first. Values that more than max_users parties use link nobody and are left out.
  Misleads when read as "the same people": sharing is a link, not an identity.
params:
  party:     {type: entity, help: The party to start from.}
  max_users: {type: integer, default: 25, min: 2, max: 10000, help: Leave out values that more parties use.}
  limit:     {type: integer, default: 200, min: 1, max: 1000}
columns:
  other_id:   {type: entity, label: Other party}
  shares:     {type: text, label: Shares}
  value_id:   {type: entity, label: What}
  users:      {type: integer, label: Parties that use it}
  standing:   {type: text, label: Standing of the other}
  first_seen: {type: date, label: Other first seen with it}
  last_seen:  {type: date, label: Other last seen with it}
tags: [networks, parties]
---*/
CALL () {
  MATCH (found:Importer {uid: $party})
  RETURN found AS party
  UNION
  MATCH (found:Seller {uid: $party})
  RETURN found AS party
  UNION
  MATCH (found:Shipper {uid: $party})
  RETURN found AS party
}
MATCH (party)-[given:LOCATED_AT|HAS_PHONE|HAS_EMAIL|HAS_WEBSITE|HAS_OFFICER|PAID_TO]->(value)
WHERE coalesce(value.parties, 0) <= $max_users
MATCH (value)<-[also:LOCATED_AT|HAS_PHONE|HAS_EMAIL|HAS_WEBSITE|HAS_OFFICER|PAID_TO]-(other)
WHERE other.uid <> party.uid
RETURN other.uid AS other_id,
       type(given) AS shares,
       value.uid AS value_id,
       value.parties AS users,
       other.standing AS standing,
       also.first_seen AS first_seen,
       also.last_seen AS last_seen
ORDER BY users, other_id, value_id
LIMIT $limit
