"""Webinars: made, changed and cancelled; guests, enrolment, personal links and the warm-up."""

from typing import TYPE_CHECKING

from tm_async._util.lazy import chapter

if TYPE_CHECKING:
    from tm_async.api.webinars.enrolment import *
    from tm_async.api.webinars.guests import *
    from tm_async.api.webinars.links import *
    from tm_async.api.webinars.operations import *
    from tm_async.api.webinars.resource import *
    from tm_async.api.webinars.stage import *

__getattr__, __dir__ = chapter(__name__)
