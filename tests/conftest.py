"""
What every test shares: hypothesis profiles. The default one is the same on every run and machine;
`--hypothesis-profile=explore` looks for new cases.
"""

from hypothesis import HealthCheck, settings

_QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large]

settings.register_profile("steady", deadline=None, derandomize=True, database=None, suppress_health_check=_QUIET)
settings.register_profile(
    "explore", deadline=None, derandomize=False, max_examples=1000, print_blob=True, suppress_health_check=_QUIET
)
settings.load_profile("steady")
