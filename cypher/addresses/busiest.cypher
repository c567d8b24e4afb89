/*---
title: Busiest addresses
description: |
  A row is an address by the number of parties that give it as their own, with how many of them were seized.
  Marked as a hub above hub_over parties: such an address links nobody, however many of its parties were seized.
  Misleads when read as guilt by address: at a mail drop the share of seized parties is that of its customers.
params:
  min_parties: {type: integer, default: 10, min: 1, max: 1000000, help: Leave out quieter addresses.}
  hub_over:    {type: integer, default: 50, min: 2, max: 1000000, help: Call an address a hub above this many parties.}
  limit:       {type: integer, default: 50, min: 1, max: 500}
columns:
  address_id:     {type: entity, label: Address}
  address:        {type: text, label: Address as written}
  parties:        {type: integer, label: Parties}
  seized_parties: {type: integer, label: Seized parties}
  seized_share:   {type: number, label: Share seized}
  mail_drop:      {type: boolean, label: Mail drop}
  hub:            {type: boolean, label: Hub}
tags: [addresses, hubs]
---*/
MATCH (address:Address)
WHERE address.parties >= $min_parties
WITH address
ORDER BY address.parties DESC, address.uid
LIMIT $limit
OPTIONAL MATCH (address)<-[:LOCATED_AT]-(party:Importer|Seller|Shipper)
WHERE party.standing = 'seized'
WITH address, count(DISTINCT party) AS seized_parties
RETURN address.uid AS address_id,
       address.caption AS address,
       address.parties AS parties,
       seized_parties,
       round(toFloat(seized_parties) / address.parties, 3) AS seized_share,
       coalesce(address.mail_drop, false) AS mail_drop,
       address.parties > $hub_over AS hub
ORDER BY parties DESC, address_id
LIMIT $limit
