"""Every error graphinv raises on purpose.

    GraphinvError
    ├── UsageError            the caller asked for something that does not exist     (exit 2, HTTP 4xx)
    │   ├── NotFound          no such entity, query, record                          (HTTP 404)
    │   └── InvalidInput      a value that cannot be used                            (HTTP 422)
    ├── FeedError             a file that cannot be read as a feed
    ├── WorkspaceError        the workspace folder: missing, newer, damaged
    │   └── WorkspaceBusy     another process is writing
    ├── StoreError            the graph store: unreachable, refused, broke
    │   ├── StoreUnavailable  nothing answers, or the server would not start
    │   └── QueryTimeout      a query ran into its time limit
    └── QueryError            a saved or user-written query that cannot be used
        └── QueryRefused      the guard refused it

A message names the thing, the place and the way out; the cause is kept with ``raise ... from``.
No message carries an identity number.
"""


class GraphinvError(Exception):
    """Base of every error that graphinv raises on purpose."""

    #: Exit status of the command line, and the word for it in a problem object's ``type``.
    exit_status = 1
    kind = "error"


class UsageError(GraphinvError):
    """The caller asked for something that does not exist or does not fit."""

    exit_status = 2
    kind = "usage"


class NotFound(UsageError):
    """No such entity, query or record."""

    exit_status = 1
    kind = "not-found"


class InvalidInput(UsageError):
    """A value that cannot be used; the message says which and what would do."""

    kind = "invalid-input"


class FeedError(GraphinvError):
    """A file that cannot be read as a feed."""

    kind = "feed"


class WorkspaceError(GraphinvError):
    """The workspace folder is missing, damaged, or of another version."""

    kind = "workspace"


class WorkspaceBusy(WorkspaceError):
    """Another process is writing to this workspace."""

    kind = "workspace-busy"


class StoreError(GraphinvError):
    """The graph store refused or broke."""

    kind = "store"


class StoreUnavailable(StoreError):
    """Nothing answers at the store's address, or the embedded server would not start."""

    kind = "store-unavailable"


class QueryTimeout(StoreError):
    """A query ran into its time limit."""

    kind = "query-timeout"


class QueryError(GraphinvError):
    """A saved or user-written query that cannot be used."""

    kind = "query"


class QueryRefused(QueryError):
    """The guard refused a user-written query; the message says which rule."""

    exit_status = 2
    kind = "query-refused"
