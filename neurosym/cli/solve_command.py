"""``neurosym solve`` and its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from neurosym.backends.provers import ProverName
from neurosym.cli.exits import refuse_options, stop_at_first_interrupt
from neurosym.kinds import KindName
from neurosym.selection.named import Select
from neurosym.strategies.words import SelfVerify
from neurosym.translators.formats import ClaimFormat, WordProblemRoute

__all__ = ["EngineName", "ModelName", "Threads", "Unsafe", "app", "solve"]

app = typer.Typer()

Unsafe = Annotated[
    bool,
    typer.Option("--unsafe", help="Run model output even if this machine cannot isolate it."),
]


EngineName = Annotated[
    str, typer.Option(help="The engine, such as openai; 'neurosym engines' lists them.")
]
Record = Annotated[
    Path | None,
    typer.Option(help="Keep all samples here, and draw none again.", show_default="none"),
]
Replay = Annotated[
    Path | None,
    typer.Option(help="Take all samples from here, without a model.", show_default="none"),
]
ModelName = Annotated[
    str | None, typer.Option(help="A known model or a GGUF file.", show_default="the default")
]
Threads = Annotated[
    int | None, typer.Option(help="Threads of the model.", show_default="the free CPUs")
]


@app.command()
def solve(
    question: Annotated[
        str,
        typer.Argument(
            metavar="QUESTION|FILE|-",
            help="A question, a text file that holds one, a JSONL file of problems, an "
            "optimization model (.opt, .lp, .mps, .json, or .py with PuLP), a theory (.fol), or - "
            "for standard input.",
        ),
    ],
    kind: Annotated[
        KindName, typer.Option(help="What sort of problem a question is; found by default.")
    ] = KindName.AUTO,
    strategy: Annotated[
        str | None,
        typer.Option(
            help="vote, greedy, adaptive, resample, assessed, planned or shared; with values, as "
            "adaptive(max=16, stop=0.95). "
            "See 'neurosym strategies'.",
            show_default="vote, or that of --run",
        ),
    ] = None,
    samples: Annotated[
        int | None, typer.Option(help="Samples to draw for each problem.", show_default="8")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Seed of all sampling.", show_default="0")
    ] = None,
    temperature: Annotated[
        float | None, typer.Option(help="Temperature of the sampling.", show_default="0.7")
    ] = None,
    shots: Annotated[
        int, typer.Option(min=0, max=4, help="Worked examples in the prompt; 0 is zero-shot.")
    ] = 4,
    routes: Annotated[
        WordProblemRoute, typer.Option(help="How word problems are solved.")
    ] = WordProblemRoute.PROGRAM,
    claims: Annotated[
        ClaimFormat, typer.Option(help="What claims of logic are translated into.")
    ] = ClaimFormat.FOL,
    organise: Annotated[
        bool, typer.Option("--organise", help="Leave out premises that cannot matter to a claim.")
    ] = False,
    logprobs: Annotated[
        bool | None,
        typer.Option("--logprobs", help="Break ties by log-probability; a little slower."),
    ] = None,
    select: Annotated[
        Select | None, typer.Option(help="How the answer is chosen.", show_default="verified")
    ] = None,
    self_verify: Annotated[
        SelfVerify | None,
        typer.Option(help="Which answers a second sampled program checks.", show_default="none"),
    ] = None,
    refine: Annotated[
        int | None,
        typer.Option(min=0, help="Rounds of telling the model what is wrong.", show_default="0"),
    ] = None,
    abstain_below: Annotated[
        float | None,
        typer.Option(
            help="Give no answer with less confidence than this (0 to 1).", show_default="0"
        ),
    ] = None,
    budget_samples: Annotated[
        int | None, typer.Option(help="Most samples for each problem.", show_default="none")
    ] = None,
    budget_tokens: Annotated[
        int | None, typer.Option(help="Most tokens for each problem.", show_default="none")
    ] = None,
    budget_prompt_tokens: Annotated[
        int | None,
        typer.Option(help="Most tokens of prompts for each problem.", show_default="none"),
    ] = None,
    budget_completion_tokens: Annotated[
        int | None, typer.Option(help="Most tokens sampled for each problem.", show_default="none")
    ] = None,
    budget_seconds: Annotated[
        float | None, typer.Option(help="Most seconds for each problem.", show_default="none")
    ] = None,
    budget_money: Annotated[
        float | None,
        typer.Option(help="Most that each problem may cost, by --prices.", show_default="none"),
    ] = None,
    total_samples: Annotated[
        int | None, typer.Option(help="Most samples for all problems.", show_default="none")
    ] = None,
    total_tokens: Annotated[
        int | None, typer.Option(help="Most tokens for all problems.", show_default="none")
    ] = None,
    total_prompt_tokens: Annotated[
        int | None,
        typer.Option(help="Most tokens of prompts for all problems.", show_default="none"),
    ] = None,
    total_completion_tokens: Annotated[
        int | None, typer.Option(help="Most tokens sampled for all problems.", show_default="none")
    ] = None,
    total_seconds: Annotated[
        float | None, typer.Option(help="Most seconds for all problems.", show_default="none")
    ] = None,
    total_money: Annotated[
        float | None,
        typer.Option(help="Most that all problems may cost.", show_default="none"),
    ] = None,
    prices: Annotated[
        str | None,
        typer.Option(help="Prices of a million tokens, as PROMPT,COMPLETION.", show_default="none"),
    ] = None,
    engine: EngineName = "llamacpp",
    model: ModelName = None,
    threads: Threads = None,
    record: Record = None,
    replay: Replay = None,
    run: Annotated[
        Path | None, typer.Option(help="Keep a log here, and go on from it.", show_default="none")
    ] = None,
    prover: Annotated[ProverName, typer.Option(help="What decides theories.")] = ProverName.Z3,
    solver: Annotated[
        str | None,
        typer.Option(
            metavar="<highs|cbc|scip|cpsat|auto>",
            help="What solves optimization models; with values, as scip(gap=0.001) or "
            "auto(nodes=1000).",
            show_default="by their structure",
        ),
    ] = None,
    what_if: Annotated[
        list[str] | None,
        typer.Option("--what-if", help="NAME=NUMBER: solve a model with another number."),
    ] = None,
    lean: Annotated[
        Path | None,
        typer.Option(help="Write the answer to a question as a theorem.", show_default="none"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show the formal object, checks and the vote.")
    ] = False,
    unsafe: Unsafe = False,
    workers: Annotated[
        str | None,
        typer.Option(
            help="A Ray cluster to spread model and checks over, as ray://HOST:10001.",
            show_default="none",
        ),
    ] = None,
) -> int:
    """Solve a problem in plain words, or a file of them."""
    from neurosym.cli import solve as command
    from neurosym.cli.options import build_solver, engine_or_replay, read_budget

    stop_at_first_interrupt()
    limits = {
        "budget_samples": budget_samples, "budget_prompt_tokens": budget_prompt_tokens,
        "budget_tokens": budget_tokens, "budget_completion_tokens": budget_completion_tokens,
        "budget_seconds": budget_seconds, "budget_money": budget_money,
        "total_samples": total_samples, "total_prompt_tokens": total_prompt_tokens,
        "total_tokens": total_tokens, "total_completion_tokens": total_completion_tokens,
        "total_seconds": total_seconds, "total_money": total_money,
    }  # fmt: skip
    values = {
        "samples": samples, "seed": seed, "temperature": temperature, "logprobs": logprobs,
        "select": select, "self_verify": self_verify, "refine": refine,
        "abstain_below": abstain_below,
    }  # fmt: skip
    for_words = {
        **values, "run": run, "lean": lean, "model": model, "prices": prices, "record": record,
        "replay": replay, "workers": workers,
        **limits, "budget_seconds": None,  # models and theories have a time, too
    }  # fmt: skip
    for_models = command.ModelOptions(what_if or [], solver, budget_seconds)
    formal = command.solve_formal(
        question,
        for_words=for_words,
        prover=prover,
        options=for_models,
        as_json=as_json,
        unsafe=unsafe,
    )
    if formal is not None:
        return formal
    built = build_solver(
        engine=engine_or_replay(engine, replay, record),
        model=model,
        threads=threads,
        record=record,
        strategy=strategy,
        values=values,
        shots=shots,
        routes=routes,
        claims=claims,
        organise=organise,
        budget=read_budget("budget", limits, prices),
        total=read_budget("total", limits, prices),
        run=run,
        prover=prover,
        solver=solver,
        unsafe=unsafe,
        workers=workers,
    )
    with command.open_source(question, kind) as source, built:
        if isinstance(source, Path):
            refuse_options({"lean": lean}, "a question")
            return command.solve_file(built, source, explain=explain)
        return command.solve_question(
            built, source, options=for_models, lean=lean, as_json=as_json, explain=explain
        )
