"""The one family of errors of the cloud tools, written for the person reading them."""


class CloudError(Exception):
    """Something a person has to know about the cloud they run or deploy.

    Attributes:
        title: a few words, for a dialog's heading.
        message: one or two sentences saying what happened and what to do about it.
    """

    def __init__(self, title: str, message: str) -> None:
        super().__init__(message)
        self.title = title
        self.message = message
