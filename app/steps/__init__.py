"""What a learner meets: the registry of step kinds. A kind is one file here and two templates."""

from collections.abc import Iterable

from app.steps import case, diagnostic, exercise, live, milestone, quiz, reading, resource, video
from app.steps.kind import Assessment, StepContent, StepKind, Work, task_of

KINDS: dict[str, StepKind] = {
    "reading": reading,
    "video": video,
    "quiz": quiz,
    "diagnostic": diagnostic,
    "exercise": exercise,
    "case": case,
    "resource": resource,
    "live": live,
    "milestone": milestone,
}


def task_digest(content: StepContent, uses: Iterable[str] = ()) -> str:
    """SHA-256 of what a step asks: it changes when the task does. `uses`: digests of the documents that it shows."""
    return task_of(content, KINDS[content.kind].task_fields, uses)


__all__ = ["KINDS", "Assessment", "StepContent", "StepKind", "Work", "task_digest"]
