"""Model files: their card, their numbers, and what they make of a text.

Knows no other room, and imports numpy only where numbers are read: the compiler reads cards.
"""
