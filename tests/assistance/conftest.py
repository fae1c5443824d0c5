"""The cast on a stage of its own for each test."""

from __future__ import annotations

import pytest
from cast_here import DIRECTORY, Play
from hypothesis import HealthCheck, settings

from assistance.directory import Directory

settings.register_profile("rules", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=False)
settings.load_profile("rules")


@pytest.fixture
def directory() -> Directory:
    """Everybody of the cast."""
    return DIRECTORY


@pytest.fixture
def play(directory: Directory) -> Play:
    """An empty stage."""
    return Play(directory)
