"""``neurosym tune``."""

from __future__ import annotations

import json
from dataclasses import asdict

from rich.console import Console

from neurosym.cli.exits import Exit
from neurosym.cli.render_table import as_rich_table
from neurosym.engines.named import read_engine
from neurosym.runtime.profiles import save_profile
from neurosym.tables import Table
from neurosym.tuning import End, Trial, Tuned, tune

__all__ = ["run_tune"]

_BAR = 24


def run_tune(
    engine: str, model: str | None, seconds: float, trial_seconds: float, *, as_json: bool
) -> Exit:
    """Find fast settings of an engine, show what was tried, and keep the best."""
    spec = read_engine(engine, model=model)
    console = Console(stderr=True, highlight=False)
    with console.status(f"tuning {spec.name}: the usual settings") as status:
        count = 0

        def watch(trial: Trial) -> None:
            nonlocal count
            count += 1
            speed = f"{trial.tokens_per_second:.1f} tokens/s" if trial.tokens_per_second else ""
            status.update(
                f"tuning {spec.name}: {count} tried; {_shown(trial)}: {trial.end} {speed}"
            )

        tuned = tune(spec, seconds=seconds, trial_seconds=trial_seconds, watch=watch)
    path = save_profile(tuned.profile)
    if as_json:
        trials = [asdict(trial) for trial in tuned.trials]
        print(json.dumps({"profile": asdict(tuned.profile), "trials": trials, "path": str(path)}))
        return Exit.ANSWERED
    _render(tuned, Console(highlight=False))
    print(f"kept in {path}, and used from now on where nothing else is said")
    return Exit.ANSWERED


def _render(tuned: Tuned, console: Console) -> None:
    ranked = sorted(
        tuned.trials, key=lambda trial: (trial.end is not End.MEASURED, -trial.tokens_per_second)
    )
    fastest = max(trial.tokens_per_second for trial in ranked) or 1.0
    rows = tuple(
        (
            _shown(trial),
            f"{trial.tokens_per_second:.1f}" if trial.tokens_per_second else "",
            "█" * round(_BAR * trial.tokens_per_second / fastest),
            trial.detail or trial.end.value,
        )
        for trial in ranked
    )
    styles = [
        "bold" if trial.values == tuned.profile.values and trial.end is End.MEASURED else ""
        for trial in ranked
    ]
    console.print(as_rich_table(Table("", ("settings", "tokens/s", "", "end"), rows), styles))
    profile = tuned.profile
    gain = profile.tokens_per_second / profile.usual_tokens_per_second
    speed = f"{profile.tokens_per_second:.1f} tokens/s"
    console.print(f"the fastest: {speed}, {gain:.2f} times the usual settings")


def _shown(trial: Trial) -> str:
    return ", ".join(f"{name}={value}" for name, value in trial.values.items())
