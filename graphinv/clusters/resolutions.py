"""The three resolutions at which clusters are made."""

from collections.abc import Mapping
from types import MappingProxyType

#: How strongly members are tied, on average, at least. Two who share nothing but a phone that nobody else has are tied
#: by about a half, two who share it with six more by a tenth, two customers of one manufacturer by a twentieth.
RESOLUTIONS: Mapping[str, float] = MappingProxyType({"fine": 0.3, "middle": 0.1, "coarse": 0.03})

#: The one that is exported and listed unless another is asked for.
USUAL = "middle"
