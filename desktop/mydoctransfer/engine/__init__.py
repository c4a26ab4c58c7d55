"""Decides when. No Qt, no boto3, no SQL, no clock of its own."""
