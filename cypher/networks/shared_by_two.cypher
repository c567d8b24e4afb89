/*---
title: What two parties share
description: |
  A row is a value that both parties gave as their own, with the days on which each was seen with it, the rarest first.
  Hubs are shown too and marked by their number of users: such a row says nothing by itself.
  Misleads where the days do not overlap: a telephone number may have passed from one owner to the next.
params:
  one:   {type: entity, help: The first party.}
  other: {type: entity, help: The second party.}
  limit: {type: integer, default: 100, min: 1, max: 1000}
columns:
  value_id:   {type: entity, label: Shared}
  kind:       {type: text, label: Kind}
  value:      {type: text, label: Value}
  users:      {type: integer, label: Parties that use it}
  one_first:  {type: date, label: First seen with the first}
  one_last:   {type: date, label: Last seen with the first}
  other_first: {type: date, label: First seen with the second}
  other_last: {type: date, label: Last seen with the second}
tags: [networks, parties]
---*/
CALL () {
  MATCH (found:Importer {uid: $one})
  RETURN found AS one
  UNION
  MATCH (found:Seller {uid: $one})
  RETURN found AS one
  UNION
  MATCH (found:Shipper {uid: $one})
  RETURN found AS one
}
MATCH (one)-[mine:LOCATED_AT|HAS_PHONE|HAS_EMAIL|HAS_WEBSITE|HAS_OFFICER|PAID_TO]->(value)
WITH collect({value: value, first: mine.first_seen, last: mine.last_seen}) AS known
CALL () {
  MATCH (found:Importer {uid: $other})
  RETURN found AS other
  UNION
  MATCH (found:Seller {uid: $other})
  RETURN found AS other
  UNION
  MATCH (found:Shipper {uid: $other})
  RETURN found AS other
}
MATCH (other)-[theirs:LOCATED_AT|HAS_PHONE|HAS_EMAIL|HAS_WEBSITE|HAS_OFFICER|PAID_TO]->(value)
UNWIND [item IN known WHERE item.value.uid = value.uid] AS pair
RETURN value.uid AS value_id,
       type(theirs) AS kind,
       value.caption AS value,
       value.parties AS users,
       pair.first AS one_first,
       pair.last AS one_last,
       theirs.first_seen AS other_first,
       theirs.last_seen AS other_last
ORDER BY users, value_id
LIMIT $limit
