"""Exact arithmetic: a quotient stays a pair of integers until the declared rounding."""

from app.rulebooks.language.ground import POINT_DECIMALS, Mode


def rounded(numerator: int, denominator: int, decimals: int, mode: Mode) -> int:
    """numerator / denominator in millionths of a point, rounded to `decimals` of a point. The denominator is positive."""
    unit: int = 10 ** (POINT_DECIMALS - decimals)
    return whole(numerator, denominator * unit, mode) * unit


def whole(numerator: int, denominator: int, mode: Mode) -> int:
    """numerator / denominator as a whole number. The denominator is positive."""
    quotient, rest = divmod(abs(numerator), denominator)
    if rest and _goes_up(mode, quotient, 2 * rest, denominator):
        quotient += 1
    return -quotient if numerator < 0 else quotient


def _goes_up(mode: Mode, quotient: int, twice: int, scaled: int) -> bool:
    if mode is Mode.HALF_UP:
        return twice >= scaled
    if mode is Mode.HALF_EVEN:
        return twice > scaled or (twice == scaled and quotient % 2 == 1)
    return mode is Mode.UP
