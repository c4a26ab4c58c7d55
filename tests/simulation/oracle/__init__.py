"""What must hold, and what a run is held against."""
