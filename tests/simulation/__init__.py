"""The simulation: the real engine, translation and use cases over fakes with state."""
