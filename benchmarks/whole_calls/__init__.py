"""Whole calls of several clients against one nginx, for scripts/benchmark."""
