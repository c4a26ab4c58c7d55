"""What the desktop and the back-end say to each other.

Holds the shapes of every request and response, the codes of every refusal, and the
few spellings (times, paths, checksums) both sides must agree on to the letter.
Standard library only: this package is copied into the Lambda bundle and into the wheel.
It decides nothing; deciding belongs to the engine on one side and to `chalicelib` on the other.
"""
