"""Carrying out actions: one generator of port calls for each kind."""
