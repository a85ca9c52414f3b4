"""How an answer shows itself in Python: a few lines, a page of a notebook, a chart, frames.

What is shown of a kind of answer stands with its question, above everything that answers. So the package names the
module that shows, once, by :func:`shown_by`, and it is loaded when an answer is first shown.
"""

from __future__ import annotations

__all__ = ["Short", "Shown", "shown_by"]

from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from potline.frame import Frame

_BY: list[str] = []
_LONGEST, _WORD, _ITEMS = 900, 120, 3


def shown_by(module: str) -> None:
    """Name the module that shows answers: its functions ``text``, ``page``, ``chart``, ``frame``, ``frame_names``."""
    _BY[:] = [module]


def _showing() -> Any:
    return import_module(_BY[-1])


class Short:
    """What holds more than a line can show: it prints as its class with its fields, each cut short.

    Examples:
        >>> from dataclasses import dataclass
        >>> @dataclass(frozen=True)
        ... class Numbers(Short):
        ...     name: str
        ...     values: tuple[int, ...]
        >>> Numbers("squares", tuple(k * k for k in range(50)))
        Numbers(name='squares', values=(0, 1, 4, ... 50 in all))
    """

    __slots__ = ()

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        if "__repr__" not in vars(cls):
            type.__setattr__(cls, "__repr__", Short.__repr__)

    def __repr__(self) -> str:
        from dataclasses import fields

        told = [f"{item.name}={_cut(getattr(self, item.name))}" for item in fields(self) if item.repr]  # pyright: ignore[reportArgumentType]
        whole = f"{type(self).__name__}({', '.join(told)})"
        return whole if len(whole) <= _LONGEST else f"{whole[: _LONGEST - 5]} ...)"


def _cut(value: Any) -> str:
    if isinstance(value, tuple):
        items = cast("tuple[Any, ...]", value)
        if len(items) > _ITEMS:
            return f"({', '.join(_cut(item) for item in items[:_ITEMS])}, ... {len(items)} in all)"
        inside = ", ".join(map(_cut, items))
        return f"({inside},)" if len(items) == 1 else f"({inside})"
    text = repr(value)
    return text if len(text) <= _WORD else f"{text[: _WORD - 4]} ..."


class Shown:
    """What can be looked at: it prints as a few lines, and gives a chart and frames.

    Examples:
        >>> import potline as pot
        >>> one = pot.Industry(name="one", demand=pot.LinearDemand.from_line(intercept_per_t=10.0, slope_per_kt=1.0),
        ...     price_per_t=4.0, plants=(pot.Plant(name="A", firm="A", capacity_kt=3.0, other_cost_per_t=5.0),))
        >>> curve = pot.cost_curve(one)
        >>> print(curve)
        CostCurve of one: who loses money, and how much?
          price 4 money/t; under water 3 kt/year; under water share 100.0 %; cash loss 0.003 m money/year
          checks: 5 of 5 hold
        >>> curve.tables()
        ('plants', 'costs_by_province', 'costs_by_owner', 'under_water')
        >>> curve.table("plants").columns[:2]
        ('plant', 'firm')
    """

    __slots__ = ()

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        if "__repr__" not in vars(cls):  # a data class writes its own unless its class has one
            type.__setattr__(cls, "__repr__", Shown.__repr__)

    def __repr__(self) -> str:
        return _showing().text(self)

    def _repr_html_(self) -> str:
        return _showing().page(self)

    def plot(self, name: str = "") -> Any:
        """Return a figure of the brief as an Altair chart, to be looked at, changed or saved.

        Args:
            name: of the figure; the first unless given.

        Raises:
            InputError: the answer has no such figure, or Altair is not installed.
        """
        return _showing().chart(self, name)

    def tables(self) -> tuple[str, ...]:
        """Return the names of its tables."""
        return _showing().frame_names(self)

    def table(self, name: str = "") -> Frame:
        """Return one of its tables as a frame, which pandas, polars, pyarrow and DuckDB take as it is.

        Args:
            name: of the table, as in the run folder; the first unless given.

        Raises:
            InputError: the answer has no such table.
        """
        return _showing().frame(self, name)
