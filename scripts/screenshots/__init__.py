"""Pictures of every window and state, drawn without a screen; `make screenshots` makes them all."""
