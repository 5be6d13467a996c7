"""Runs that are begun again: what both sides of it say."""

import asyncio

from otac.deploy import watch
from otac.runtime import again


def test_the_automation_and_the_run_say_the_same() -> None:
    assert again.AGAIN == watch.AGAIN


def test_without_a_run_of_prefects_nothing_is_asked() -> None:
    assert asyncio.run(again.too_often()) is None
