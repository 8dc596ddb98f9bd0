"""The chapter "users" on a client: `tm.users`."""

from tm_async.api import users
from tm_async.batch.mount import BulkCall
from tm_async.core.mount import Call, Pages, Resource

__all__ = ["Users"]


class Users(Resource):
    """The users of the enterprise: their accounts, activation, licences, ids and personal meeting rooms."""

    create = Call(lambda: users.CreateUser)
    create_many = BulkCall(lambda: users.CreateUser)
    get = Call(lambda: users.GetUser)
    list = Pages(lambda: users.ListUsers)
    list_advanced = Pages(lambda: users.ListUsersAdvanced)
    modify = Call(lambda: users.ModifyUser)
    modify_many = BulkCall(lambda: users.ModifyUser)
    set_enabled = Call(lambda: users.SetUserEnabled)
    set_enabled_many = BulkCall(lambda: users.SetUserEnabled)
    delete = Call(lambda: users.DeleteUser)
    delete_many = BulkCall(lambda: users.DeleteUser)
    delete_and_transfer = Call(lambda: users.DeleteAndTransfer)
    delete_and_transfer_many = BulkCall(lambda: users.DeleteAndTransfer)
    get_by_uuid = Call(lambda: users.GetUserByUuid)
    modify_by_uuid = Call(lambda: users.ModifyUserByUuid)
    delete_by_uuid = Call(lambda: users.DeleteUserByUuid)
    send_activation = Call(lambda: users.SendActivation)
    send_verification = Call(lambda: users.SendVerification)
    create_activation_links = Call(lambda: users.CreateActivationLinks)
    create_verification_links = Call(lambda: users.CreateVerificationLinks)
    add_ai_account = Call(lambda: users.AddAiAccount)
    add_ai_account_many = BulkCall(lambda: users.AddAiAccount)
    remove_ai_account = Call(lambda: users.RemoveAiAccount)
    remove_ai_account_many = BulkCall(lambda: users.RemoveAiAccount)
    get_account_statistics = Call(lambda: users.GetAccountStatistics)
    get_basic_info = Call(lambda: users.GetBasicInfo)
    cancel_authorization = Call(lambda: users.CancelAuthorization)
    get_ms_open_id = Call(lambda: users.GetMsOpenId)
    convert_open_ids = Call(lambda: users.ConvertOpenIds)
    send_phone_code = Call(lambda: users.SendPhoneCode)
    get_phone_token = Call(lambda: users.GetPhoneToken)
    bind_phone = Call(lambda: users.BindPhone)
    get_phone_number = Call(lambda: users.GetPhoneNumber)
    get_pmi_config = Call(lambda: users.GetPmiConfig)
    set_pmi_config = Call(lambda: users.SetPmiConfig)

    # --- built on the calls above ---------------------------------------------------------------------------------

    async def find(
        self, *, operator_id: str, phone: str | None = None, email: str | None = None, name: str | None = None
    ) -> "tuple[users.UserInfo, ...]":
        """Find users by phone, e-mail address or name, of which all that are given have to fit.

        The API has no such search, so the list of users is read: 20 a call, and no further once somebody with that
        phone or address is found, which nobody else can have. Letters' case, and spaces and dashes in a phone, make no
        difference. Raises `ValidationError` where nothing is given, and the errors of a call.
        """
        return await users.find_users(self.client, operator_id, users.Wanted(phone=phone, email=email, name=name))
