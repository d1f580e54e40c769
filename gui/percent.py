"""How the window writes a probability."""

from __future__ import annotations


def percent(share: float) -> str:
    """Write a probability so that nothing uncertain looks certain: never 100 % or 0 % unless it is.

    Examples
    --------
    >>> percent(0.984), percent(0.9999), percent(0.001)
    ('98 %', '>99 %', '<1 %')
    """
    if 0.995 <= share < 1:
        return ">99 %"
    if 0 < share < 0.005:
        return "<1 %"
    return f"{share * 100:.0f} %"
