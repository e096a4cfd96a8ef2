"""The errors of the package."""


class ArchiveError(Exception):
    """Something that cannot be read, with its place, the rule and the remedy."""

    def __init__(self, place, rule, remedy):
        super().__init__(f"{place}: {rule}. {remedy}.")
        self.place, self.rule, self.remedy = place, rule, remedy


class DamagedRun(ArchiveError):
    """Runs whose bytes differ from their checksums."""

    def __init__(self, damaged):
        key, reason = min(damaged.items())
        others = f", and {len(damaged) - 1} more" if len(damaged) > 1 else ""
        super().__init__(
            f"run {key}{others}", f"the run is damaged: {reason}",
            "Train again with descent run, which replaces damaged runs, or leave them out with runs.sound()")
        self.keys = sorted(damaged)
