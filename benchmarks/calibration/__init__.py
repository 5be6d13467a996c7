"""How `EmbeddingClassifier` comes to its coefficients."""
