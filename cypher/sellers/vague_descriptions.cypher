/*---
title: Sellers whose descriptions say nothing
description: |
  A row is a marketplace seller most of whose shipments are described by a word that says nothing ("gift", "parts"),
  by fewer letters than min_letters, or not at all. A low-value shipment needs a description that tells the goods.
  Misleads where a carrier or platform cuts descriptions off: compare with other sellers of the platform first.
params:
  since:         {type: date, default: 2023-01-01, help: Shipments filed on or after this day.}
  vague:         {type: list of text, default: [accessories, articles, consolidated, daily necessities, gift, gifts, goods, item, items, merchandise, misc, other, parts, present, product, products, sample, samples, toy], help: Descriptions in small letters that say nothing.}
  min_letters:   {type: integer, default: 4, min: 1, max: 40, help: Shorter descriptions say nothing either.}
  min_shipments: {type: integer, default: 5, min: 1, max: 100000, help: Leave out sellers with fewer shipments.}
  min_share:     {type: number, default: 0.5, min: 0, max: 1, help: Least share of vague descriptions.}
  limit:         {type: integer, default: 100, min: 1, max: 1000}
columns:
  seller_id: {type: entity, label: Seller}
  shipments: {type: integer, label: Shipments}
  vague:     {type: integer, label: Described vaguely}
  share:     {type: number, label: Share}
  examples:  {type: list, label: As described}
  standing:  {type: text, label: Standing}
tags: [sellers, descriptions]
---*/
MATCH (shipment:Shipment)-[:SOLD_BY]->(seller:Seller)
WHERE shipment.filed_on >= $since
WITH seller, toLower(trim(coalesce(shipment.description, ''))) AS words
WITH seller, words, words IN $vague OR size(words) < $min_letters AS says_nothing
WITH seller,
     count(*) AS shipments,
     sum(CASE WHEN says_nothing THEN 1 ELSE 0 END) AS vague,
     min(CASE WHEN says_nothing THEN words ELSE null END) AS first_example,
     max(CASE WHEN says_nothing THEN words ELSE null END) AS last_example
WHERE shipments >= $min_shipments AND toFloat(vague) / shipments >= $min_share AND vague > 0
RETURN seller.uid AS seller_id,
       shipments,
       vague,
       round(toFloat(vague) / shipments, 3) AS share,
       CASE WHEN first_example = last_example THEN [first_example] ELSE [first_example, last_example] END AS examples,
       seller.standing AS standing
ORDER BY share DESC, shipments DESC, seller_id
LIMIT $limit
