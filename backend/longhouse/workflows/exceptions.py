"""What a workflow may catch, and what ends it."""


class StepFailed(Exception):
    """A step failed for good: its tries are used up, or it said that none can help.

    It is raised again, the same, whenever the workflow runs again: catch it to go another way.
    """


class TimedOut(StepFailed):
    """What a workflow waited for did not come in time."""


class Changed(Exception):
    """The workflow does not take the steps that it took before: its code has changed, or it asks
    the clock, chance or the database outside of steps."""


class Gone(Exception):
    """The code has no such version of a workflow any more."""


class TooLarge(ValueError):
    """A value that is no JSON, or too large to be kept."""
