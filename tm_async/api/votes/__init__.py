"""Votes in meetings: the polls of today, and their older form."""

from typing import TYPE_CHECKING

from tm_async._util.lazy import chapter

if TYPE_CHECKING:
    from tm_async.api.votes.asking import *
    from tm_async.api.votes.describing import *
    from tm_async.api.votes.lookup import *
    from tm_async.api.votes.older import *
    from tm_async.api.votes.polls import *
    from tm_async.api.votes.resource import *
    from tm_async.api.votes.results import *

__getattr__, __dir__ = chapter(__name__)
