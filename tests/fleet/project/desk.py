"""A classifier that takes its time, as real ones do."""

import asyncio
from collections.abc import Mapping

from otac.components import Classification, KeywordClassifier


class Keywords(KeywordClassifier):
    """Waits before it answers."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            {"Billing": ["invoice"], "IT": ["vpn"], "Facilities": ["heating"]}
        )
        self._seconds = seconds

    async def classify(
        self,
        text: str,
        *,
        labels: Mapping[str, str] | None = None,
        model_name: str | None = None,
    ) -> Classification:
        await asyncio.sleep(self._seconds)
        return await super().classify(text, labels=labels, model_name=model_name)
