"""Texts classified by a model of the Hugging Face kind."""

from otac.components.hugging_face.classifier import HuggingFaceClassifier

__all__ = ["HuggingFaceClassifier"]
