"""Sharing a joint gain: values, levels, programs, certificate."""
