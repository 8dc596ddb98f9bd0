"""The chapter "webinars" on a client: `tm.webinars`."""

from tm_async.api import webinars
from tm_async.core.mount import Call, Pages, Resource

__all__ = ["Webinars"]


class Webinars(Resource):
    """Webinars, their guests, enrolment, personal links and warm-up. Who came is `tm.meetings.list_participants`."""

    create = Call(lambda: webinars.CreateWebinar)
    get = Call(lambda: webinars.GetWebinar)
    modify = Call(lambda: webinars.ModifyWebinar)
    cancel = Call(lambda: webinars.CancelWebinar)
    list_guests = Call(lambda: webinars.ListWebinarGuests)
    set_guests = Call(lambda: webinars.SetWebinarGuests)
    list_enrollments = Pages(lambda: webinars.ListWebinarEnrollments)
    approve_enrollments = Call(lambda: webinars.ApproveWebinarEnrollments)
    query_enroll_ids = Call(lambda: webinars.QueryWebinarEnrollIds)
    import_enrollments = Call(lambda: webinars.ImportWebinarEnrollments)
    delete_enrollments = Call(lambda: webinars.DeleteWebinarEnrollments)
    create_customer_url = Call(lambda: webinars.CreateWebinarUrl)
    list_customer_urls = Pages(lambda: webinars.ListWebinarUrls)
    set_warm_up = Call(lambda: webinars.SetWarmUp)
    list_preparation_log = Call(lambda: webinars.ListPreparationLog)
