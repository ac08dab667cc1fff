"""Settings for properties: a busy machine is no counter-example."""

from hypothesis import HealthCheck, settings

steady = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
