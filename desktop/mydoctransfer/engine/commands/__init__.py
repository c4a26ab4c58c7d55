"""Carrying out what the engine was told: one generator for each command that asks the world."""
