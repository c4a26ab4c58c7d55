"""What several tests stand on: the desktop session, the local cloud, builders of values."""
