"""Strategies as text and as data."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.checks.feedback import Tell
from neurosym.errors import OptionError
from neurosym.selection.named import Select
from neurosym.spec import field_kinds
from neurosym.strategies.adaptive import Adaptive
from neurosym.strategies.assessed import Assessed
from neurosym.strategies.planned import Planned
from neurosym.strategies.resample import Resample
from neurosym.strategies.sample_and_vote import SampleAndVote
from neurosym.strategies.shared import Shared
from neurosym.strategies.spec import (
    STRATEGIES,
    KnownStrategy,
    read_strategy,
    rebuild_strategy,
    strategy_digest,
    write_strategy,
)
from neurosym.strategies.vote import Voting
from neurosym.strategies.words import SelfVerify

plain: dict[str, st.SearchStrategy[Any]] = {
    "temperature": st.floats(0, 5),
    "top_p": st.floats(0.01, 1),
    "max_tokens": st.none() | st.integers(1, 4000),
    "logprobs": st.booleans(),
    "verifications": st.integers(1, 3),
    "tell": st.sampled_from(Tell),
    "pool": st.booleans(),
    "hint": st.text(max_size=20),
    "nearest": st.integers(0, 4),
    "steps": st.integers(0, 4),
    "ignore": st.booleans(),
    "seed": st.integers(0, 1_000_000),
}
"""What goes together with everything."""
shared = plain | {
    "self_verify": st.sampled_from(SelfVerify),
    "last_top_p": st.none() | st.floats(0.01, 1),
    "last_temperature": st.none() | st.floats(0, 5),
    "select": st.sampled_from(Select),
    "abstain_below": st.floats(0, 1),
}
told = shared | {"refine": st.integers(1, 3), "fresh": st.floats(0, 1)}
shuffled = shared | {"shuffle": st.booleans()}
early = plain | {
    "early": st.just(True),
    "select": st.sampled_from([Select.MAJORITY, Select.VERIFIED]),
}


many = st.integers(1, 64)
stop = st.floats(0.5, 1, exclude_min=True)
groups = [told, shuffled, early]
drawn: dict[type[Voting], list[dict[str, st.SearchStrategy[Any]]]] = {
    SampleAndVote: [group | {"samples": many} for group in groups],
    Adaptive: [
        group
        | {
            "max": many,
            "first": many,
            "growth": st.floats(1, 4),
            "stop": stop,
            "dirichlet": st.booleans(),
        }
        for group in groups
    ],
    Resample: [
        group | {"max": many, "wrong": st.floats(0, 9), "none": st.floats(0, 9)}
        for group in (told, shuffled)
    ],
    Planned: [
        group | {"max": many, "price": st.floats(0, 1), "select": st.just(Select.VERIFIED)}
        for group in (told, shuffled)
    ],
    Assessed: [
        told
        | {
            "max": many,
            "first": many,
            "enough": st.floats(0.01, 1),
            "prune_after": st.integers(0, 99),
            "keep": st.floats(0.1, 1),
            "shuffle": st.just(False),
        }
    ],
    Shared: [
        group
        | {
            "first": st.integers(1, 4),
            "mean": st.integers(4, 8),
            "max": st.integers(8, 64),
            "stop": stop,
            "exploration": st.floats(0, 9),
        }
        for group in (told, shuffled)
    ],
}
strategies: st.SearchStrategy[Voting] = st.one_of(
    [st.builds(made_by, **group) for made_by, groups in drawn.items() for group in groups]
)


@pytest.mark.parametrize("known", STRATEGIES.values())
def test_each_value_of_each_strategy_is_drawn(known: KnownStrategy) -> None:
    values = set().union(*drawn[known.made_by])
    assert values == set(field_kinds(known.made_by))


@given(strategies)
def test_what_is_written_is_read_again(strategy: Voting) -> None:
    assert read_strategy(write_strategy(strategy)) == strategy


@given(strategies)
def test_what_a_run_log_holds_rebuilds_it(strategy: Voting) -> None:
    kept = json.loads(json.dumps(strategy.settings))
    again = rebuild_strategy(kept)
    assert again == strategy
    assert strategy_digest(again) == strategy_digest(strategy)


@given(strategies, strategies)
def test_digests_tell_strategies_apart(one: Voting, other: Voting) -> None:
    assert (strategy_digest(one) == strategy_digest(other)) is (one == other)


def test_only_what_is_unusual_is_written() -> None:
    assert write_strategy(SampleAndVote()) == "vote"
    strategy = Adaptive(stop=0.9, select=Select.MAJORITY)
    assert write_strategy(strategy) == "adaptive(select=majority, stop=0.9)"


def test_the_example_of_the_help() -> None:
    assert read_strategy("adaptive(max=16, stop=0.95, select=verified)") == Adaptive()
    assert read_strategy(" greedy ") == SampleAndVote(samples=1, temperature=0.0)
    assert read_strategy("greedy(samples=1)", {"temperature": 0}) == read_strategy("greedy")


def test_values_may_stand_beside_the_text() -> None:
    assert read_strategy("vote(samples=3)", {"seed": 7}) == SampleAndVote(samples=3, seed=7)


@pytest.mark.parametrize(
    ("text", "beside", "message"),
    [
        ("nonesuch", {}, "no strategy 'nonesuch'"),
        ("adaptve", {}, "no strategy 'adaptve'"),
        ("vote(max=3)", {}, "'vote' has no max"),
        ("vote(samples=3)", {"samples": 4}, "samples is given in"),
        ("greedy", {"samples": 4}, "'greedy' has samples=1"),
        ("adaptive(samples=4)", {}, "has no samples"),
        ("vote(samples={[]: 1})", {}, "is no value"),
        ("vote(samples={{1}})", {}, "is no value"),
        ("vote(samples=1is 1)", {}, "is no value"),
        ("vote(temperature=1" + 400 * "0" + ")", {}, "temperature is 1000"),
        ("vote(temperature=-1e999)", {}, "temperature is -inf"),
        ("vote(samples=0)", {}, "samples is 0"),
        ("vote(samples=2.5)", {}, "samples is 2.5"),
        ("vote(hint=5)", {}, "hint is 5"),
        ("vote(samples=True)", {}, "samples is True"),
        ("vote(select=none)", {}, "select is 'none'"),
        ("adaptive(stop=0.5)", {}, "stop is 0.5"),
        ("adaptive(max=0)", {}, "max is 0"),
        ("vote(samples=3, samples=4)", {}, "gives samples twice"),
        ("vote(3)", {}, "is no strategy"),
        ("vote(**x)", {}, "is no strategy"),
        ("vote(samples=", {}, "is no strategy"),
        ("__import__('os').system('ls')", {}, "is no strategy"),
        ("vote(samples=__import__('os'))", {}, "is no value"),
        ("", {}, "is no strategy"),
        ("(" * 5000, {}, "is no strategy"),
        ("vote(samples=\0)", {}, "is no strategy"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, beside: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match="(?s)" + message) as caught:
        read_strategy(text, beside)
    assert caught.value.hint


def test_a_near_name_is_offered() -> None:
    with pytest.raises(OptionError) as caught:
        read_strategy("adaptve")
    assert "'adaptive'" in caught.value.hint
    with pytest.raises(OptionError) as caught:
        read_strategy("adaptive(stopp=0.9)")
    assert "'stop'" in caught.value.hint
    with pytest.raises(OptionError) as caught:
        read_strategy("adaptive", {"samples": 8})
    assert "'max'" in caught.value.hint


def test_a_log_of_an_unknown_strategy_is_refused() -> None:
    with pytest.raises(OptionError, match="no strategy 'None'"):
        rebuild_strategy({})
    with pytest.raises(OptionError, match="has no colour"):
        rebuild_strategy({"name": "vote", "colour": 1})


@pytest.mark.parametrize("name", STRATEGIES)
def test_each_strategy_says_what_it_does(name: str) -> None:
    known = STRATEGIES[name]
    assert known.line
    assert read_strategy(name).settings["name"] in STRATEGIES


def test_what_is_equal_is_one_strategy_however_it_is_written_in_python() -> None:
    named = SampleAndVote(temperature=1, self_verify="none", select="majority")  # type: ignore[arg-type]
    plain = SampleAndVote(temperature=1.0, self_verify=SelfVerify.NONE, select=Select.MAJORITY)
    assert named.self_verify is SelfVerify.NONE
    assert strategy_digest(named) == strategy_digest(plain)
    assert strategy_digest(SampleAndVote(temperature=-0.0)) == strategy_digest(
        SampleAndVote(temperature=0)
    )
    assert read_strategy(write_strategy(named)) == plain


@pytest.mark.parametrize(
    ("made_by", "values", "message"),
    [
        (SampleAndVote, {"samples": 2.5}, "samples is 2.5"),
        (SampleAndVote, {"select": "nonesuch"}, "select is 'nonesuch'"),
        (SampleAndVote, {"logprobs": 1}, "logprobs is 1"),
        (Resample, {"wrong": float("inf")}, "wrong is inf"),
        (Planned, {"price": float("inf")}, "price is inf"),
        (Shared, {"exploration": float("nan")}, "exploration is nan"),
    ],
)
def test_values_of_another_type_are_refused_in_python_too(
    made_by: type[Voting], values: dict[str, Any], message: str
) -> None:
    with pytest.raises(OptionError, match=message):
        made_by(**values)
