"""The style sheet; `@name` stands for a colour of `theme.Colours`, or for `theme.LETTERS`."""

SHEET = """
QToolTip { background: @raised; color: @text; border: 1px solid @edge; padding: 4px 6px; }
QLabel[role="title"] { font-size: @title_letters; font-weight: 600; }
QLabel[role="heading"] { font-size: @heading_letters; font-weight: 600; }
QLabel[role="muted"] { color: @muted; }
QLabel[role="field"] { font-weight: 600; }
QPushButton {
    background: @raised; color: @text; border: 1px solid @edge; border-radius: 6px;
    padding: 6px 12px; min-height: 18px;
}
QPushButton:hover { background: @hover; }
QPushButton:pressed { background: @line; }
QPushButton:focus { border: 2px solid @accent; padding: 5px 11px; }
QPushButton:disabled { color: @edge; border-color: @line; background: @window; }
QPushButton[role="primary"] {
    background: @accent; color: @on_accent; border-color: @accent; font-weight: 600;
}
QPushButton[role="primary"]:hover { background: @accent_hover; }
QPushButton[role="primary"]:focus { border: 2px solid @text; }
QPushButton[role="primary"]:disabled { background: @line; color: @muted; border-color: @line; }
QPushButton[role="danger"] { color: @danger; border-color: @danger; }
QPushButton[role="danger"]:disabled { color: @edge; border-color: @line; }
QPushButton[role="quiet"] { background: transparent; border-color: transparent; padding: 6px 9px; }
QPushButton[role="quiet"]:hover { background: @hover; }
QPushButton[role="quiet"]:focus { border: 2px solid @accent; padding: 5px 8px; }
QPushButton[role="quiet"]:disabled { background: transparent; }
QPushButton[role="link"] {
    background: transparent; border: 2px solid transparent; color: @accent; padding: 2px 4px;
    text-decoration: underline; min-height: 0;
}
QPushButton[role="link"]:focus { border: 2px solid @accent; border-radius: 4px; }
QPushButton[role="tab"] {
    background: transparent; border: 2px solid transparent; border-radius: 6px; color: @muted;
    padding: 5px 11px; font-weight: 600;
}
QPushButton[role="tab"]:hover { background: @hover; color: @text; }
QPushButton[role="tab"]:checked { background: @selected; color: @on_selected; }
QPushButton[role="tab"]:focus { border: 2px solid @accent; }
QPushButton::menu-indicator {
    subcontrol-position: right center; subcontrol-origin: padding; right: 4px;
}
QLineEdit, QComboBox, QSpinBox {
    background: @base; color: @text; border: 1px solid @edge; border-radius: 6px;
    padding: 6px 8px; min-height: 18px; selection-background-color: @selected;
    selection-color: @on_selected;
}
QLineEdit:focus, QComboBox:focus, QSpinBox:focus { border: 2px solid @accent; padding: 5px 7px; }
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled {
    background: @window; color: @muted; border-color: @line;
}
QSpinBox QLineEdit, QSpinBox QLineEdit:focus {
    border: none; padding: 0; background: transparent; min-height: 0;
}
QSpinBox::up-button, QSpinBox::down-button { border: none; width: 28px; }
QSpinBox::up-arrow, QSpinBox::down-arrow { image: none; }
QComboBox::drop-down { border: none; width: 28px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView, QListView {
    background: @base; color: @text; border: 1px solid @edge; border-radius: 6px; outline: none;
    selection-background-color: @selected; selection-color: @on_selected;
}
QListView:focus { border: 2px solid @accent; }
QScrollArea[role="field"] { background: @base; border: 1px solid @edge; border-radius: 6px; }
QScrollArea[role="field"][hasKeyboard="true"] { border: 2px solid @accent; }
QWidget[role="field-inside"] { background: @base; }
QLineEdit[role="inside"], QLineEdit[role="inside"]:focus {
    border: none; padding: 5px 4px; background: transparent;
}
QFrame[role="chip"] { background: @tint; border: 1px solid @edge; border-radius: 13px; }
QFrame[role="chip"][isDoubted="true"] { background: @danger_back; border: 1px dashed @danger; }
QPushButton[role="chip"] {
    background: transparent; border: 2px solid transparent; border-radius: 11px;
    padding: 0 4px 0 1px; min-height: 22px;
}
QPushButton[role="chip"]:focus {
    border: 2px solid @accent; background: @selected; color: @on_selected;
}
QPushButton[role="chip-remove"] {
    background: transparent; border: none; border-radius: 9px; padding: 0; min-height: 18px;
    min-width: 18px;
}
QPushButton[role="chip-remove"]:hover { background: @hover; }
QFrame[role="card"] { background: @base; border: 1px solid @line; border-radius: 10px; }
QFrame[role="popover"] { background: @base; border: 1px solid @edge; border-radius: 8px; }
QFrame[role="note"] { background: @tint; border: 1px solid @line; border-radius: 8px; }
QFrame[role="warning"] {
    background: @warning_back; border: 1px solid @warning; border-radius: 8px;
}
QFrame[role="error"] { background: @danger_back; border: 1px solid @danger; border-radius: 8px; }
QFrame[role="bar"] { background: @base; border: none; border-top: 1px solid @line; }
QFrame[role="rail"] { background: @window; border: none; border-right: 1px solid @line; }
QFrame[role="rail"] QPushButton { text-align: left; }
QTableView {
    background: @base; color: @text; border: none; outline: none;
    selection-background-color: @selected; selection-color: @on_selected;
}
QTableView[role="list"] { border: 2px solid @base; }
QTableView[role="list"]:focus { border: 2px solid @accent; }
QTableView[role="list"]::item { padding: 0 13px; border: none; }
QTableView[role="list"] QHeaderView::section { padding-left: 16px; padding-right: 16px; }
QTableView[role="list"]::item:selected { background: @selected; color: @on_selected; }
QHeaderView { background: @base; border: none; }
QHeaderView::section {
    background: @base; color: @muted; border: none; border-bottom: 1px solid @line;
    padding: 7px 10px; font-weight: 600;
}
QHeaderView::section:first { padding-left: 16px; }
QHeaderView::section:hover { color: @text; background: @hover; }
QTableCornerButton::section { background: @base; border: none; }
QMenu { background: @raised; color: @text; border: 1px solid @edge; padding: 4px; }
QMenu::item { padding: 6px 26px 6px 10px; border-radius: 4px; }
QMenu::icon { padding-left: 8px; }
QMenu::item:selected { background: @selected; color: @on_selected; }
QMenu::item:disabled { color: @edge; }
QMenu::separator { height: 1px; background: @line; margin: 4px 6px; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: @edge; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar {
    background: @line; border: none; border-radius: 2px; max-height: 4px; min-height: 4px;
}
QProgressBar::chunk { background: @accent; border-radius: 2px; }
QTabWidget::pane { border: 1px solid @line; border-radius: 8px; background: @base; }
QTabBar::tab {
    background: transparent; color: @muted; border: 2px solid transparent; border-radius: 6px;
    padding: 6px 12px; margin: 0 2px 6px 0; font-weight: 600;
}
QTabBar::tab:hover { background: @hover; color: @text; }
QTabBar::tab:selected { background: @selected; color: @on_selected; }
QTabBar::tab:selected:focus { border: 2px solid @accent; }
QCheckBox { spacing: 8px; }
QScrollArea { background: transparent; border: none; }
"""
