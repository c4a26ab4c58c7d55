"""Which icon a document gets, by its extension."""

from mydoctransfer.model.events import Row

_TYPES = {
    "pdf": "pdf",
    "image": "png jpg jpeg gif webp svg bmp tif tiff heic avif ico psd xcf raw",
    "video": "mp4 mkv mov avi webm m4v mpg mpeg wmv",
    "audio": "mp3 wav flac ogg oga m4a aac opus wma mid",
    "archive": "zip tar gz tgz xz bz2 7z rar zst iso deb rpm dmg jar",
    "text": "txt md rst log tex rtf odt doc docx pages",
    "sheet": "csv tsv ods xls xlsx numbers",
    "slides": "odp ppt pptx key",
    "code": "py js ts c h cpp hpp rs go java rb php html css json xml yaml yml toml sh sql ipynb",
}
_BY_EXTENSION = {ext: kind for kind, exts in _TYPES.items() for ext in exts.split()}


def icon_of(row: Row) -> str:
    """Return the name of a row's icon."""
    return "file-folder" if row.is_directory else f"file-{file_type(row.name)}"


def file_type(name: str) -> str:
    """Return the kind of a document: the stem of its icon after `file-`."""
    return _BY_EXTENSION.get(name.rpartition(".")[2].casefold(), "other")
