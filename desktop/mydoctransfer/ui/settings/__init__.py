"""The settings: one window, one module for each of its pages."""

from mydoctransfer.ui.settings.window import SettingsWindow

__all__ = ["SettingsWindow"]
