"""One file with everything the house keeps, taken while it is open; and back again, into an empty place."""

from app.backup.parts import Manifest, NotDone
from app.backup.restoring import restore
from app.backup.taking import backup

__all__ = ["Manifest", "NotDone", "backup", "restore"]
