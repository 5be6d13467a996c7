"""What a failing expression raises."""


class ExpressionError(Exception):
    """An expression has no value.

    The message names places and kinds, never the values that were at hand: it ends up in
    states and logs, and tickets and secrets must not.
    """
