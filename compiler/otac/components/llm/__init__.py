"""Texts classified by a language model behind the HTTP interface of OpenAI."""

from otac.components.llm.classifier import LLMClassifier

__all__ = ["LLMClassifier"]
