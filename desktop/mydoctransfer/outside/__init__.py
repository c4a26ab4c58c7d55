"""The desktop's side of the composition root; imported for the desktop only."""

from mydoctransfer.outside.desktop import DesktopOutside

__all__ = ["DesktopOutside"]
