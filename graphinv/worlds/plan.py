"""How large a world is and how often things happen in it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from graphinv.errors import InvalidInput

#: First and last moment of every world: three years of filings, before the low-value exemption was suspended.
WORLD_START = datetime(2022, 7, 1, tzinfo=UTC)
WORLD_DAYS = 1096


@dataclass(frozen=True)
class WorldPlan:
    """Counts and rates of one size; shares are of what the name says, days are days."""

    size: str
    importers: int
    shipments: int
    shipment_format: str = "parquet"
    months_per_file: int = 1

    # who
    offender_share: float = 0.05  # of the importers' count
    consumers_per_shipment: float = 0.20
    businesses_per_importer: float = 0.20  # firms without an importer number
    foreign_sellers_per_importer: float = 0.12
    offending_seller_share: float = 0.04
    suppliers_per_importer: float = 0.20

    # what they do
    registered_parcels: float = 0.48  # of the honest shipments
    business_parcels: float = 0.10
    offender_volume: float = 2.0  # against an honest importer's mean; those who cheat do it for volume
    generations: int = 4  # an offender's first business and up to three disguises
    return_share: float = 0.85  # of seized offenders who come back
    violation_offender: float = 0.62
    violation_offending_seller: float = 0.35
    violation_listed_supplier: float = 0.20
    violation_honest: float = 0.006

    # what officers do
    inspected_random: float = 0.010
    inspected_targeted_violation: float = 0.22
    inspected_targeted_other: float = 0.010
    inspected_referral_violation: float = 0.08
    inspected_referral_other: float = 0.0005

    # dirt, as shares of rows
    duplicate_rows: float = 0.004
    amended_rows: float = 0.002
    broken_rows: float = 0.003

    @property
    def offenders(self) -> int:
        return max(6, round(self.offender_share * self.importers))

    @property
    def consumers(self) -> int:
        return round(self.consumers_per_shipment * self.shipments)

    @property
    def businesses(self) -> int:
        return round(self.businesses_per_importer * self.importers)

    @property
    def foreign_sellers(self) -> int:
        return max(8, round(self.foreign_sellers_per_importer * self.importers))

    @property
    def suppliers(self) -> int:
        return max(30, round(self.suppliers_per_importer * self.importers))

    @property
    def mailbox_shops(self) -> int:
        return max(2, self.importers // 1200)

    @property
    def forwarders(self) -> int:
        return max(1, self.importers // 2500)

    @property
    def shared_offices(self) -> int:
        return max(2, self.importers // 250)

    @property
    def warehouses(self) -> int:
        return max(2, self.importers // 800)

    @property
    def accountants(self) -> int:
        return max(2, self.importers // 700)

    @property
    def formation_agents(self) -> int:
        return max(1, self.importers // 1500)

    @property
    def brokers(self) -> int:
        return max(8, min(1500, self.importers // 60))


_PLANS = {
    plan.size: plan
    for plan in (
        WorldPlan("tiny", importers=60, shipments=600, shipment_format="csv", months_per_file=12, offender_share=0.15),
        WorldPlan("small", importers=5_000, shipments=40_000),
        WorldPlan("medium", importers=50_000, shipments=500_000),
        WorldPlan("large", importers=300_000, shipments=3_000_000),
    )
}
SIZES = tuple(_PLANS)

#: Fewest importers that every kind of party and disguise finds its place among.
FEWEST_IMPORTERS = 60
_SHIPMENTS_AN_IMPORTER = 10


def plan_for(size: str) -> WorldPlan:
    """The plan of a named size, or of a number of importers that ship ten times each; else ``InvalidInput`` says
    which there are."""
    if size in _PLANS:
        return _PLANS[size]
    if size.isdecimal() and int(size) >= FEWEST_IMPORTERS:
        return WorldPlan(size, importers=int(size), shipments=_SHIPMENTS_AN_IMPORTER * int(size))
    named = f"choose one of {', '.join(SIZES)}, or a number of importers from {FEWEST_IMPORTERS}"
    raise InvalidInput(f"no world of size {size!r}; {named}")
