"""What a user might have written, copied beside the configuration of a test."""

from collections.abc import Mapping

from otac.components import Classification


class Says:
    """Words such as `queue=Billing:0.7` in a text are its answers.

    Queue or priority, as the labels are; `queue=Billing` has no confidence.
    """

    async def classify(
        self,
        text: str,
        *,
        labels: Mapping[str, str] | None = None,
        model_name: str | None = None,
    ) -> Classification:
        asked = (
            "priority" if any("high" in label for label in labels or ()) else "queue"
        )
        words = [word for word in text.split() if word.startswith(f"{asked}=")]
        if not words:
            return Classification(label=None, confidence=0.0, scores={})
        label, _, sure = words[0].partition("=")[2].partition(":")
        known = {one.partition(" ")[2]: one for one in labels or ()}
        label = known.get(label, label)
        confidence = float(sure) if sure else None
        return Classification(
            label=label, confidence=confidence, scores={label: confidence or 0.0}
        )


async def page(text: str) -> str:
    """A component that does who knows what."""
    return text
