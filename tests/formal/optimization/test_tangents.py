"""How a quadratic objective curves, beyond doubt, and what its tangents prove of it."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

from neurosym.formal.optimization.certificates import improves, objective_value
from neurosym.formal.optimization.curvature import curves_upwards
from neurosym.formal.optimization.instance import Instance
from neurosym.formal.optimization.language.reader import read_model
from neurosym.formal.optimization.polynomial import Polynomial
from neurosym.formal.optimization.tangents import best_possible, tangent_at


def instance_of(objective: str, rest: str = "c: x + y >= 4") -> Instance:
    return read_model(f"var x\nvar y\n{objective}\n{rest}").instance


@pytest.mark.parametrize(
    ("objective", "is_convex"),
    [
        ("minimize x + y + x^2 + 2*x*y + 3*y^2", True),
        ("maximize x*(500 - 4*x) - y^2", True),
        ("minimize (x + y)^2", True),
        ("minimize (x/3 + y/7)^2", True),
        ("minimize x^2 - y", True),
        ("minimize 1000000000000*x^2 + 0.000000000001*y^2", True),
        ("maximize x^2", False),
        ("minimize x*y", False),
        ("minimize x^2 + 2*x*y + 0.999999999999999999*y^2", False),
        ("minimize 1000000000000*x^2 - 0.000000000001*y^2", False),
        ("minimize x^2*y", False),
        ("minimize x + y", False),
    ],
)
def test_that_an_objective_is_convex_is_known_exactly(objective: str, is_convex: bool) -> None:
    assert instance_of(objective).is_convex is is_convex


def test_a_model_with_other_rows_that_are_not_linear_is_not_said_to_be_convex() -> None:
    assert not instance_of("minimize x^2", "c: x^2 + y^2 <= 4").is_convex


def form(matrix: np.ndarray) -> Polynomial:  # type: ignore[type-arg]
    found = Polynomial()
    for first, row in enumerate(matrix.tolist()):
        for second, value in enumerate(row):
            found.add_product(first, second, Fraction(value))
    return found.cleared()


@pytest.mark.parametrize("seed", range(60))
def test_forms_are_told_apart_by_their_eigenvalues(seed: int) -> None:
    """Sums of squares curve upwards, whether along all lines or not; one less square does not."""
    chance = np.random.default_rng(seed)
    size = int(chance.integers(1, 7))
    parts = chance.integers(-3, 4, (int(chance.integers(1, size + 1)), size))
    squares = parts.T @ parts
    least = chance.integers(-3, 4, size)
    # Whatever the sum, twice its trace times a unit vector's square is more than it has there.
    spoiled = squares * int(least @ least + 1) - np.outer(least, least) * (2 * squares.trace() + 1)
    for sign in (1, -1):
        assert curves_upwards(form(sign * squares), sign)
        assert curves_upwards(form(sign * spoiled), sign) is not bool(least.any())


def test_no_form_that_curves_downwards_a_little_passes_for_its_size() -> None:
    """Rounding, which grows with the size, never makes up for a curvature below 0."""
    for size in (2, 20, 60):
        ones = np.ones((size, size))
        matrix = (np.eye(size) * size - ones) * 2**20
        assert curves_upwards(form(matrix), 1), "along one line it does not curve"
        matrix[0, 0] -= 2**-20
        assert not curves_upwards(form(matrix), 1)


@pytest.mark.parametrize("seed", range(40))
def test_nothing_is_better_than_what_a_tangent_and_any_multipliers_allow(seed: int) -> None:
    chance = random.Random(seed)
    instance = read_model(
        "var x >= -5 <= 5\nvar y >= -5 <= 5\n"
        "minimize 2*x^2 + 2*x*y + 3*y^2 - 4*x + 7*y + 1\nc: x + y >= 1\nd: 2*x - y <= 3"
    ).instance
    touching = [Fraction(chance.randint(-50, 50), 10) for _ in range(2)]
    assert objective_value(tangent_at(instance, touching), touching) == objective_value(
        instance, touching
    )
    bound = best_possible(
        instance,
        touching,
        [Fraction(chance.randint(0, 40), 8), -Fraction(chance.randint(0, 40), 8)],
    )
    assert bound is not None
    points = [
        (x, y)
        for x in (Fraction(k, 4) for k in range(-20, 21))
        for y in (Fraction(k, 4) for k in range(-20, 21))
        if x + y >= 1 and 2 * x - y <= 3
    ]
    assert bound <= min(objective_value(instance, point) for point in points)


def test_a_tangent_bounds_nothing_of_an_objective_that_curves_both_ways() -> None:
    instance = instance_of("minimize x*y", "c: x + y >= 4")
    assert best_possible(instance, [Fraction(2), Fraction(2)], [Fraction(2)]) is None


@pytest.mark.parametrize(
    ("objective", "direction", "gains"),
    [
        ("minimize (x + y)^2 - x + y", (1, -1), 2),
        ("minimize (x + y)^2 - x + y", (-1, 1), -2),
        ("minimize (x + y)^2 - x + y", (1, 0), 0),
        ("maximize 3*x - y^2", (1, 0), 3),
        ("minimize x*y", (1, -1), 0),
        ("minimize exp(x) - y", (0, 1), 0),
    ],
)
def test_what_is_gained_along_a_direction_from_wherever_one_starts(
    objective: str, direction: tuple[int, int], gains: int
) -> None:
    way = tuple(map(Fraction, direction))
    assert improves(instance_of(objective), way) == gains
