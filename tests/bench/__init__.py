"""Benchmarks: what they conclude from what they measured."""
