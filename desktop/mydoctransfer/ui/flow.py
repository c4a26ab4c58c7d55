"""A layout that puts widgets one after the other and begins a new line where one is full."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QStyle, QWidget


class Flow(QLayout):
    """Lines run as the language does. The last widget takes what is left of its line."""

    def __init__(self, parent: QWidget, gap: int = 4) -> None:
        super().__init__(parent)
        self._gap = gap
        self._items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem) -> None:
        """Put an item at the end."""
        self._items.append(item)

    def insert(self, at: int, widget: QWidget) -> None:
        """Put a widget before the one at this place."""
        self.addWidget(widget)
        self._items.insert(at, self._items.pop())
        self.invalidate()

    def count(self) -> int:
        """Return the number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item; None past the last."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take an item out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It takes no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """The narrower, the more lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines."""
        return self._lay_out(QRect(0, 0, width, 0), is_for_real=False)

    def setGeometry(self, rect: QRect) -> None:
        """Put everything in its place."""
        super().setGeometry(rect)
        self._lay_out(rect, is_for_real=True)

    def sizeHint(self) -> QSize:
        """Return what the widest widget needs."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """Return what the widest widget needs."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        edges = self.contentsMargins()
        return size + QSize(edges.left() + edges.right(), edges.top() + edges.bottom())

    def _lay_out(self, rect: QRect, *, is_for_real: bool) -> int:
        edges = self.contentsMargins()
        room = rect.marginsRemoved(edges)
        x, y, height = room.left(), room.top(), 0
        for number, item in enumerate(self._items):
            size = item.sizeHint().boundedTo(QSize(room.width(), 16_777_215))
            if x > room.left() and x + size.width() > room.right() + 1:
                x, y, height = room.left(), y + height + self._gap, 0
            if number == len(self._items) - 1:
                size.setWidth(room.right() + 1 - x)
            if is_for_real:
                placed = QRect(QPoint(x, y), size)
                item.setGeometry(QStyle.visualRect(self._direction(), room, placed))
            x, height = x + size.width() + self._gap, max(height, size.height())
        return y + height - rect.top() + edges.bottom()

    def _direction(self) -> Qt.LayoutDirection:
        parent = self.parentWidget()
        return parent.layoutDirection() if parent is not None else Qt.LayoutDirection.LeftToRight
