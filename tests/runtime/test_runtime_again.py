"""Runs that are begun again."""

import asyncio

from otac.runtime import again


def test_without_a_run_of_prefects_nothing_is_asked() -> None:
    assert asyncio.run(again.too_often()) is None
