/*---
title: Sellers paid on a seized seller's bank account
description: |
  A row is a marketplace account that is paid on the same bank account as a seller whose goods were seized.
  Among the strongest links there are: money ends in one hand.
  Misleads at payment agents, who take money for many sellers: accounts with more than max_sellers are left out.
params:
  since:       {type: date, default: 2023-01-01, help: Seizures on or after this day.}
  max_sellers: {type: integer, default: 10, min: 2, max: 1000, help: Leave out bank accounts with more sellers.}
  limit:       {type: integer, default: 100, min: 1, max: 1000}
columns:
  seller_id:   {type: entity, label: Seller}
  seized_id:   {type: entity, label: Seized seller}
  account_id:  {type: entity, label: Bank account}
  sellers:     {type: integer, label: Sellers paid on it}
  seizures:    {type: integer, label: Seizures}
  last_seized: {type: date, label: Last seizure}
  opened_on:   {type: date, label: Seller opened}
  standing:    {type: text, label: Seller's standing}
tags: [sellers, seizures, money]
---*/
MATCH (seizure:Seizure)-[:SEIZED_FROM]->(seized:Seller)
WHERE seizure.seized_on >= $since AND seizure.status <> 'released'
WITH seized, count(DISTINCT seizure) AS seizures, max(seizure.seized_on) AS last_seized
MATCH (seized)-[:PAID_TO]->(account:BankAccount)
WHERE account.parties <= $max_sellers
MATCH (account)<-[:PAID_TO]-(seller:Seller)
WHERE seller.uid <> seized.uid
RETURN seller.uid AS seller_id,
       seized.uid AS seized_id,
       account.uid AS account_id,
       account.parties AS sellers,
       seizures,
       last_seized,
       seller.opened_on AS opened_on,
       seller.standing AS standing
ORDER BY sellers, last_seized DESC, seller_id, seized_id, account_id
LIMIT $limit
