r"""Scrambled Sobol points, without the cost of importing ``scipy.stats`` (0.7 s, 73 MB) for its sampler alone.

The j-th direction number of a dimension with primitive polynomial ``x**s + a_1 x**(s-1) + .. + 1`` over two elements is
``m_j 2**(30 - j)``, ``m_j = 2 a_1 m_{j-1} ^ 4 a_2 m_{j-2} ^ .. ^ 2**s m_{j-s} ^ m_{j-s}``; point n is the exclusive or
of the direction numbers where the Gray code of n has a one. Scrambling multiplies each direction number by a random
lower triangular matrix of bits with ones on its diagonal and shifts all points by random bits. Polynomials and first
numbers stand in ``direction_numbers``; its NOTICE.md says where they come from.

Source: Joe and Kuo (2008), SIAM Journal on Scientific Computing 30, p. 2635; Matousek (1998), Journal of Complexity 14,
p. 527 (scrambling).
"""

from __future__ import annotations

__all__ = ["sobol"]

from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bits = NDArray[np.uint32]

BITS = 30
TABULATED = 4096
_TABLE = Path(__file__).parent / "direction_numbers" / "joe_kuo.npz"
_POWERS = np.uint32(1) << np.arange(BITS, dtype=np.uint32)


def sobol(dimensions: int, exponent: int, rng: np.random.Generator) -> Floats:
    """Return the first ``2**exponent`` scrambled Sobol points, [2**exponent, dimensions].

    The points are those of ``scipy.stats.qmc.Sobol`` for the same generator, which is asked beyond 4,096 dimensions.

    Args:
        dimensions: of the unit cube, 1 or more.
        exponent: 0 to 30.
        rng: a generator spawned from it draws the scrambling.

    Examples:
        >>> points = sobol(2, 3, np.random.default_rng(7))
        >>> [sorted((8.0 * column).astype(int).tolist()) for column in points.T]
        [[0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 3, 4, 5, 6, 7]]
    """
    if dimensions > TABULATED:
        from scipy.stats import qmc

        return qmc.Sobol(dimensions, rng=rng).random_base2(exponent)
    own = rng.spawn(1)[0]
    shift = own.integers(2, size=(dimensions, BITS), dtype=np.uint32) @ _POWERS
    below = np.tril(own.integers(2, size=(dimensions, BITS, BITS), dtype=np.uint32), -1)
    matrix = below | np.eye(BITS, dtype=np.uint32)
    numbers = _scrambled(_directions(dimensions), matrix)
    quasi = np.empty((1 << exponent, dimensions), dtype=np.uint32)
    quasi[0] = shift
    for k in range(exponent):  # the Gray code: the second half repeats the first in reverse, one bit apart
        quasi[1 << k : 2 << k] = quasi[(1 << k) - 1 :: -1] ^ numbers[:, k]
    return quasi / np.float64(1 << BITS)


@lru_cache(maxsize=4)
def _directions(dimensions: int) -> Bits:
    """Return unscrambled direction numbers, [dimensions, BITS]."""
    with np.load(_TABLE) as table:
        polynomial, first = table["polynomial"][:dimensions], table["first"][:dimensions]
    numbers = np.ones((dimensions, BITS), dtype=np.uint32)
    degrees = np.frexp(polynomial.astype(np.float64))[1] - 1
    for degree in range(1, int(degrees.max()) + 1):
        rows = degrees == degree
        own = np.empty((int(rows.sum()), BITS), dtype=np.uint32)
        own[:, :degree] = first[rows, :degree]
        has = polynomial[rows, None] >> np.arange(degree - 1, -1, -1, dtype=np.uint32) & 1
        for j in range(degree, BITS):
            # m_{j-1}, .., m_{j-s} times 2, .., 2**s where the polynomial has the term
            terms = has * (own[:, j - degree : j][:, ::-1] << np.arange(1, degree + 1, dtype=np.uint32))
            own[:, j] = own[:, j - degree] ^ np.bitwise_xor.reduce(terms, axis=1)
        numbers[rows] = own
    numbers *= _POWERS[::-1]
    numbers.setflags(write=False)
    return numbers


def _scrambled(numbers: Bits, matrix: Bits) -> Bits:
    """Multiply direction numbers by triangular matrices of bits, rows and columns from the highest bit down."""
    rows = matrix @ _POWERS[::-1]
    odd = np.bitwise_count(numbers[:, :, None] & rows[:, None, :]) & 1
    return odd.astype(np.uint32) @ _POWERS[::-1]
