"""What a score rests on that is not calibrated: a word for programs, one for a column of a table, and a sentence.

Such a score orders parties and is no probability, and whoever reads it must be told so.
"""

#: The joint strength of links and watch list likenesses (``joint_score``): outcomes are too few to learn from.
LINKS = "links"
#: A model of what was seized among all that came: too little was inspected.
SEIZURES = "seizures"
#: A model of inspections that officers chose: too few were at random.
CHOSEN = "targeted_inspections"

ONLY_ORDERS = "It is not calibrated and, like the bands, only orders"

BY_LINKS = (
    "outcomes are too few to learn from: the strengths of links and watch list likenesses stand in, joined as if each "
    f"were independent evidence (noisy-or). {ONLY_ORDERS}"
)
BY_CHOICE = (
    f"too few shipments were examined at random to tell how much more officers find than there is. {ONLY_ORDERS}"
)

_IN_A_COLUMN = {
    None: "calibrated probability",
    LINKS: "not calibrated: links joined by noisy-or",
    SEIZURES: "not calibrated: learned from seizures",
    CHOSEN: "not calibrated: learned from targeted inspections",
}


def in_a_column(stand_in: str | None) -> str:
    """What a score is, by what stands in for inspections at random; None where they tell."""
    return _IN_A_COLUMN[stand_in]
