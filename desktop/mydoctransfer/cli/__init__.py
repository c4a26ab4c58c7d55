"""The command line, over the same engine as the window."""
