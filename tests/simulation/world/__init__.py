"""The world the engine lives in when it is simulated. No threads, no real time, no real chance."""
