"""Shares, quantiles and intervals by NumPy and SciPy."""

import math
from functools import lru_cache

import numpy as np
from scipy import stats

RESAMPLES_OF_REPORTS = 2000
RESAMPLES = 400_000


def wilson(successes, count):
    """Wilson's 95 % interval of a share."""
    if count == 0:
        return 0.0, 1.0
    if not 0 <= successes <= count:
        return math.nan, math.nan
    interval = stats.binomtest(int(successes), int(count)).proportion_ci(0.95, method="wilson")
    return float(interval.low), float(interval.high)


def ranked(values):
    """In order; what is not a number ranks above every number."""
    return np.sort(np.where(np.isnan(values), np.inf, np.asarray(values, float)))


def quantile(values, p):
    """Hyndman & Fan's type 7, with ∞ as a rank like any other."""
    order = ranked(values)
    if len(order) == 0:
        return math.nan
    position = p * (len(order) - 1)
    low = math.floor(position)
    if low + 1 >= len(order):
        return float(order[-1])
    a, b = order[low], order[low + 1]
    return float(a) if a == b or position == low else float(a + (position - low) * (b - a))


def median(values):
    return quantile(values, 0.5)


class BootstrapMedian:
    """The bootstrap distribution of a median, and which percentile bounds 2000 resamples can show.

    The middle order statistics of n draws with replacement have ranks ⌈nU⌉, with U the middle order statistics of n
    uniform numbers: a beta and, for even n, a second one above it. So the distribution is sampled without resampling.
    A report's bound is the empirical quantile of 2000 resamples; its rank has a binomial error, of which four and a half
    standard deviations are allowed (a false alarm in some 150 000 bounds).
    """

    def __init__(self, values):
        self.order = np.sort(np.asarray([v for v in values if not math.isnan(v)], float))
        self.medians = _bootstrap_medians(self.order.tobytes())

    def bounds(self, p):
        """The least and the greatest p-quantile that 2000 resamples can show."""
        error = 4.5 * math.sqrt(p * (1 - p) * (1 / RESAMPLES_OF_REPORTS + 1 / RESAMPLES)) + 1 / RESAMPLES_OF_REPORTS
        at = [min(max(p + side * error, 0), 1) for side in (-1, 1)]
        return tuple(float(self.medians[min(int(q * RESAMPLES), RESAMPLES - 1)]) for q in at)

    def shows(self, figure, p):
        """Whether a printed bound is one of them, to its printed precision."""
        low, high = self.bounds(p)
        return low <= figure.value <= high or figure.agrees(low) or figure.agrees(high)


@lru_cache(maxsize=64)
def _bootstrap_medians(encoded):
    """Sorted medians of resamples of some sorted values."""
    order = np.frombuffer(encoded)
    n = len(order)
    at = lambda shares: order[np.minimum((shares * n).astype(int), n - 1)]
    generator = np.random.default_rng(n)
    middle = (n + 1) // 2
    lower = generator.beta(middle, n - middle + 1, RESAMPLES)
    medians = at(lower)
    if n % 2 == 0:
        second = at(lower + (1 - lower) * generator.beta(1, n - middle, RESAMPLES))
        with np.errstate(invalid="ignore"):
            medians = np.where(medians == second, second, (medians + second) / 2)
    return np.sort(medians)


def sign_test_interval(values, confidence):
    """The interval of a median from order statistics: the greatest k with 2·P(B ≤ k − 1) ≤ 1 − confidence."""
    order = ranked([v for v in values if not math.isnan(v)])
    n = len(order)
    fitting = [k for k in range(1, (n + 1) // 2 + 1) if 2 * stats.binom.cdf(k - 1, n, 0.5) <= 1 - confidence]
    if not fitting:
        return None
    k = max(fitting)
    return float(order[k - 1]), float(order[n - k])


def ratios_by_seed(seeds, values, own, others):
    """The values of some runs divided by those of the runs of equal seeds among others; the first run of a seed counts."""
    base = {}
    for run in others:
        base.setdefault(seeds[run], values[run])
    return np.array([values[run] / base[seeds[run]] for run in own if seeds[run] in base])
