"""Why a release was not made."""


class ReleaseError(ValueError):
    """Something that a release promises does not hold; the message says where, expected and found."""
