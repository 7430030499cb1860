"""Exact arithmetic: a quotient stays a pair of integers until the declared rounding."""

from collections.abc import Callable

from app.rulebooks.language.ground import POINT_DECIMALS, Mode


def rounder(decimals: int, mode: Mode) -> Callable[[int, int], int]:
    """From numerator / denominator in millionths of a point to millionths, rounded to `decimals` of a point."""
    unit: int = 10 ** (POINT_DECIMALS - decimals)
    size = _SIZES[mode]

    def rounded(numerator: int, denominator: int) -> int:
        denominator *= unit
        return unit * size(numerator, denominator) if numerator >= 0 else -unit * size(-numerator, denominator)

    return rounded


def whole(numerator: int, denominator: int, mode: Mode) -> int:
    """numerator / denominator, neither of them negative, as a whole number."""
    return _SIZES[mode](numerator, denominator)


def _half_even(size: int, denominator: int) -> int:
    quotient, rest = divmod(size, denominator)
    return quotient + (2 * rest > denominator or (2 * rest == denominator and quotient % 2))


_SIZES: dict[Mode, Callable[[int, int], int]] = {
    Mode.HALF_UP: lambda size, denominator: (2 * size + denominator) // (2 * denominator),
    Mode.HALF_EVEN: _half_even,
    Mode.TRUNCATE: lambda size, denominator: size // denominator,
    Mode.UP: lambda size, denominator: -(-size // denominator),
}
"""Of sizes, which are never negative: halves go away from zero on both sides."""
