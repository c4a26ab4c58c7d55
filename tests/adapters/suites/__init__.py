"""What every implementation of a port must do: the real adapter and each fake of it alike.

A suite is a class whose tests ask for one fixture; whoever is held to it subclasses it in a test
module and provides that fixture.
"""
