"""How a component ends a step, or the whole run, other than by returning."""


class Fail(Exception):
    """Fails the step at once: a further attempt would end the same way."""


class Misconfigured(Fail):
    """A service cannot do its work, and what its own parameters say is to blame."""


class Stop(Exception):
    """Ends the run early and well: nothing later runs, and nothing has failed."""


class Unavailable(Exception):
    """Fails the attempt: a further one may succeed. The message is meant for people."""


class Skipped(Exception):
    """Ends the step without a result and without a failure. For adapted components."""
