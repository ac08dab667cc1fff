"""Grades network and concurrent programming exercises from what is seen outside the student's process."""

__version__ = "0.1.0"
