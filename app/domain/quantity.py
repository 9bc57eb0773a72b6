"""Capacity at the edges: MW as people write them, kW as the program counts them."""

from decimal import ROUND_DOWN, Decimal

KW_PER_MW = 1000
# Rule R38: a capacity of one project lies above 0 and at most at 1,000 MW; a turbine between 1 and 20 MW.
LARGEST_ENTRY_KW = 1_000 * KW_PER_MW
SMALLEST_TURBINE_KW = 1 * KW_PER_MW
LARGEST_TURBINE_KW = 20 * KW_PER_MW


def mw(kw: int) -> int | float:
    """`kw` in MW: a whole number where it is one, else with at most three decimals."""
    return kw / KW_PER_MW if kw % KW_PER_MW else kw // KW_PER_MW


def kw(mw: Decimal) -> int | None:
    """`mw` in whole kW, or None where it is finer than one kW."""
    exact = mw * KW_PER_MW
    return int(exact) if exact == exact.to_integral_value() else None


def percent(part_kw: int, whole_kw: int) -> Decimal | None:
    """`part_kw` of `whole_kw` with two decimals, cut and not rounded, so 100 never shows before it is reached."""
    if whole_kw <= 0:
        return None
    return (Decimal(part_kw * 100) / Decimal(whole_kw)).quantize(Decimal("0.01"), rounding=ROUND_DOWN)
