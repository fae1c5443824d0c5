"""What can be wrong with the keys or the database at start. Each name says what happened, each docstring the mend.

`str(error)` is one line for the operator with the mend in it and holds no word, name, phone or key. What goes wrong
later, inside a unit of work, is `assistance.ports.StoreDown`: the words then go to the spool.
"""

from __future__ import annotations


class StorageError(Exception):
    """Storage cannot be used; read the class name for the reason and `str(error)` for the mend."""


class BadKeys(StorageError):
    """The key file or JISHIYU_KEYS cannot be read. Put back your copy of it; three words are needed,
    `words=… sealed=… index=…`, each 32 bytes in base64."""


class KeysExposed(StorageError):
    """Others on this machine can read the key file. Run `chmod 600` on it; when strangers have an account here,
    treat the keys as known."""


class WrongKey(StorageError):
    """The keys are not those the database was made with. Put back the key file (or JISHIYU_KEYS) that was in use
    when the database was made: it lay beside the database, and in your backups. Without it nothing personal can be
    read again; a new key file means a new, empty database."""


class DamagedValue(StorageError):
    """One encrypted value does not belong where it stands: it was altered, or moved from another row. Restore this
    row from a backup and find out who can write to the database."""


class NewerSchema(StorageError):
    """The database was written by a later version of this program. Install that version again, or restore the backup
    made before the upgrade; an older program would damage it."""


class NoFolder(StorageError):
    """The folder of the database file is missing. Make it, or mount the disk it lies on, or mend the path in the
    settings."""


class ReadOnly(StorageError):
    """The database can be read but not written. Give the program's user the right to write the file and its folder
    (SQLite writes a second file beside it), or free the disk it lies on from read-only mode."""


class Locked(StorageError):
    """Another program holds the database for longer than the waiting time. Stop the other copy of this program, the
    backup or the database browser that has it open, and start again."""


class NoDatabase(StorageError):
    """The file is no database of this program, or it is damaged. Mend the path in the settings, or restore a
    backup."""


class Unreachable(StorageError):
    """The database server does not answer or refuses the sign-in. Check that it runs, and host, port, user and
    password in the settings."""


class NoDriver(StorageError):
    """The driver for this kind of database is not installed. For PostgreSQL: `pip install 'jishiyu[postgres]'`."""
