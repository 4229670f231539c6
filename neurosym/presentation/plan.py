"""In words, which further samples a calibration finds problems worth."""

from __future__ import annotations

from neurosym.selection.planning import Course, Plan

__all__ = ["told_plan"]


def told_plan(kind: str, plan: Plan | None, price: float) -> str:
    """What labelled problems of a kind say of going on after a first pass.

    Args:
        kind: The kind of problem.
        plan: What they say; ``None`` if they are too few.
        price: What a sample costs, where a right answer is worth 1.
    """
    if plan is None:
        return f"{kind}: too few problems of three samples or more to plan by"
    rows = [
        (sign or "anything else", plan.courses(sign)[0], plan.course(sign, price))
        for sign in sorted(plan.curves, reverse=True)  # the sign of all others is the empty one
    ]
    wide = max(len(sign) for sign, _, _ in rows)
    what = max(len(_told(best)) for _, _, best in rows)
    lines = [f"{kind}: what {plan.numbers[0]} samples are worth, at {price:g} for each further one"]
    lines += [
        f"  {sign:{wide}}  {_told(best):{what}}  right on {best.right:.0%}"
        + (f" instead of {first.right:.0%}" if best != first else "")
        for sign, first, best in rows
    ]
    if not plan.refined:
        lines.append(
            "  It knows of fresh samples only: too few of the problems were refined. A run with "
            "refine=1 or more teaches that too."
        )
    return "\n".join(lines)


def _told(course: Course) -> str:
    if course.rounds:
        rounds = f"{course.rounds} round{'' if course.rounds == 1 else 's'} of refinement"
        return f"{rounds}, {course.cost:.1f} samples"
    return f"{course.samples} samples"
