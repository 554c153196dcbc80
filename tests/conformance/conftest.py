"""The engines that the tests of engines share."""

from tests.engines.conftest import cmdstan, pymc, stan, unoptimised, unoptimised_stan

__all__ = ["cmdstan", "pymc", "stan", "unoptimised", "unoptimised_stan"]
