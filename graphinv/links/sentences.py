"""Sentences that a person can read aloud: how a walk leads from the asked party to a seizure."""

from dataclasses import dataclass

from graphinv.links.weights import weight_of

#: From this probability on two records are called probably the same party, below it that they may be.
PROBABLY = 0.75

#: What is said of two that a person judged to be one party.
JUDGED = "was judged the same party as"

_CATEGORY = {
    "ipr": "counterfeit {goods}",
    "narcotics": "narcotics: {goods}",
    "pharmaceuticals": "pharmaceuticals: {goods}",
    "consumer_safety": "unsafe {goods}",
    "forced_labor": "forced labor: {goods}",
    "other": "{goods}",
}
_BARE = {
    "ipr": "counterfeit goods",
    "narcotics": "narcotics",
    "pharmaceuticals": "pharmaceuticals",
    "consumer_safety": "unsafe goods",
    "forced_labor": "goods under a forced-labor order",
    "other": "other violation",
}


#: Hints through a value that almost agrees.
_ALMOST = {
    "NEAR_PHONE": "gives phone {given}, which differs in one digit from {held} of {party}",
    "LIKE_DOMAIN": "gives domain {given}, which looks like that of {held} of {party}",
    "SAME_DOMAIN": "gives domain {given}, where {party} has {held}",
}
#: Hints that lead to a party directly; a number is not repeated.
_ALIKE = {
    "NEAR_NUMBER": "gives an importer number that differs in one digit from that of {party}",
    "FILED_ALIKE": "files {given} as did {party}",
    "GOODS_ALIKE": "declares {given} as did {party}",
}
_FILED = frozenset({"FILED_ALIKE", "GOODS_ALIKE"})


@dataclass(frozen=True)
class Spot:
    """A node on a walk as a sentence needs it. ``users`` counts the parties of a shared value."""

    caption: str
    party: bool
    users: int


@dataclass(frozen=True)
class Crossing:
    """The relationship between two spots; ``forward`` when it is walked from its start to its end. ``value`` is what it
    rests on and ``users`` how many have that; of hints, what the asked party gave. ``judged``: when and why an
    investigator judged the two to be one party, None where the match model concluded it."""

    claim: str
    forward: bool
    confidence: float = 1.0
    value: str = ""
    users: int = 0
    judged: str | None = None


@dataclass(frozen=True)
class SeizureWords:
    """What a sentence says of a seizure."""

    day: str
    status: str
    category: str | None
    commodity: str | None
    shipment_id: str | None


def sentence(spots: list[Spot], crossings: list[Crossing], seizure: SeizureWords, asked: str = "") -> str:
    """One sentence for the walk; ``spots`` begin and end with a party, ``crossings`` stand between them. ``asked`` is
    what the question calls the first of them, whose name on record may be another."""
    clauses, users = _clauses(spots, crossings)
    if asked and _letters(asked) != _letters(spots[0].caption):
        clauses.insert(0, f"is {spots[0].caption} on record")
    told = _seized(seizure)
    subject = asked or spots[0].caption
    if not clauses:
        return f"{subject} is a party {told}"
    chain = ", which ".join(clauses)
    tail = f"; {', '.join(users)}" if users else ""
    return f"{subject} {chain}, {told}{tail}"


def _letters(name: str) -> str:
    """A name as it is heard: without marks, spaces and capitals."""
    return "".join(filter(str.isalnum, name.casefold()))


def number_sentence(owner: str, party: str, seizure: SeizureWords) -> str:
    """One sentence for goods that were seized under the importer number of ``owner`` which ``party`` wrote."""
    filer = "somebody of that name" if _letters(party) == _letters(owner) else party
    filing = f"shipment {seizure.shipment_id}" if seizure.shipment_id else "a shipment"
    told = f"the importer number of {owner} was used on {filing}, {_taken(seizure)}"
    return f"{told}, by {filer}, whose contacts contradict those registered for it"


def hint_words(claim: str, given: str, held: str, party: str) -> str:
    """What a hint says; ``held`` is the value on record that it leads to, if it leads to one."""
    return (_ALMOST | _ALIKE)[claim].format(given=given, held=held, party=party)


def path_sentence(spots: list[Spot], crossings: list[Crossing]) -> str:
    """One sentence for a walk that ends at a party, with no seizure to tell."""
    clauses, users = _clauses(spots, crossings)
    if not clauses:
        return f"{spots[0].caption} is that party"
    tail = f"; {', '.join(users)}" if users else ""
    return f"{spots[0].caption} {', which '.join(clauses)}{tail}"


def _clauses(spots: list[Spot], crossings: list[Crossing]) -> tuple[list[str], list[str]]:
    clauses: list[str] = []
    users: list[str] = []
    at = 0
    while at < len(crossings):
        end = next(i for i in range(at + 1, len(spots)) if spots[i].party)
        between = spots[at + 1 : end]
        if between:
            clauses.append(_shared(between, crossings[at:end], spots[end]))
            users.append(_used_by(between, crossings[at:end], first=not users))
        elif _goes_on(crossings, at, end):
            pass  # one party by several records: only the last of them is told
        else:
            clauses.append(_dealing(crossings[at], spots[end], _first_of(spots, crossings, at)))
            if crossings[at].claim in _FILED:
                users.append(f"{crossings[at].users} parties filed so")
        at = end
    return clauses, users


def _shared(between: list[Spot], crossings: list[Crossing], party: Spot) -> str:
    if any(crossing.claim == "SAME_BUILDING" for crossing in crossings):
        return f"is in the same building ({_hub(between).caption}) as {party.caption}"
    if crossings[0].claim in _ALMOST:
        return hint_words(crossings[0].claim, crossings[0].value, between[0].caption, party.caption)
    weight = weight_of(crossings[0].claim)
    return f"{weight.phrase} {between[0].caption} with {party.caption}"


def _goes_on(crossings: list[Crossing], at: int, end: int) -> bool:
    """Whether a record that may be the same party leads to one more that may be."""
    return end < len(crossings) and _one_row(crossings[at], crossings[end])


def _one_row(one: Crossing, other: Crossing) -> bool:
    """Whether both say that records are one party, and both by a person or both by the match model."""
    return one.claim == other.claim == "SAME_AS" and (one.judged is None) == (other.judged is None)


def _first_of(spots: list[Spot], crossings: list[Crossing], at: int) -> Spot:
    """The first of a row of records that may be the same party."""
    while at and _one_row(crossings[at - 1], crossings[at]):
        at -= 1
    return spots[at]


def _dealing(crossing: Crossing, party: Spot, before: Spot) -> str:
    if crossing.claim == "BUYS_FROM":
        return f"{'buys from' if crossing.forward else 'sells to'} {party.caption}"
    if crossing.claim in _ALIKE:
        return hint_words(crossing.claim, crossing.value, "", party.caption)
    if crossing.claim == "SUPPLIED_BY":
        return f"{'is supplied by' if crossing.forward else 'supplies'} {party.caption}"
    other = "another record of that name" if party.caption == before.caption else party.caption
    if crossing.judged is not None:
        return f"{JUDGED} {other} by an investigator {crossing.judged}"
    return f"{'is probably' if crossing.confidence >= PROBABLY else 'may be'} the same party as {other}"


def _used_by(between: list[Spot], crossings: list[Crossing], *, first: bool) -> str:
    building = any(crossing.claim == "SAME_BUILDING" for crossing in crossings)
    spot = _hub(between) if building else between[0]
    noun = "building" if building else weight_of(crossings[0].claim).noun
    verb = "is used by" if first else "by"
    return f"the {noun} {verb} {spot.users} {'party' if spot.users == 1 else 'parties'}"


def _hub(between: list[Spot]) -> Spot:
    return max(between, key=lambda spot: spot.users)


def _seized(seizure: SeizureWords) -> str:
    subject = f"whose shipment {seizure.shipment_id} was" if seizure.shipment_id else "whose goods were"
    return f"{subject} {_taken(seizure)}"


def _taken(seizure: SeizureWords) -> str:
    verb = "detained" if seizure.status == "detained" else "seized"
    goods = _goods(seizure)
    return f"{verb} on {seizure.day}" + (f" ({goods})" if goods else "")


def _goods(seizure: SeizureWords) -> str | None:
    if seizure.category is None:
        return seizure.commodity
    if seizure.commodity is None:
        return _BARE[seizure.category]
    said = _CATEGORY[seizure.category]
    kind = said.partition("{")[0].rstrip(" :")
    named = kind != "" and seizure.commodity.casefold().startswith(kind)  # "counterfeit watches", as some write it
    return seizure.commodity if named else said.format(goods=seizure.commodity)
