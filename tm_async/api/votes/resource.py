"""The chapter "votes" on a client: `tm.votes`."""

from tm_async.api import votes
from tm_async.api.shared import Device
from tm_async.core.mount import Call, Pages, Resource

__all__ = ["Votes"]


class Votes(Resource):
    """Polls in running meetings, and their older form."""

    create_poll_theme = Call(lambda: votes.CreatePollTheme)
    modify_poll_theme = Call(lambda: votes.ModifyPollTheme)
    get_poll_theme = Call(lambda: votes.GetPollTheme)
    delete_poll = Call(lambda: votes.DeletePoll)
    list_polls = Call(lambda: votes.ListPolls)
    get_poll = Call(lambda: votes.GetPoll)
    start_poll = Call(lambda: votes.StartPoll)
    finish_poll = Call(lambda: votes.FinishPoll)
    create_theme = Call(lambda: votes.CreateVoteTheme)
    list_themes = Call(lambda: votes.ListVoteThemes)
    modify_theme = Call(lambda: votes.ModifyVoteTheme)
    delete_theme = Call(lambda: votes.DeleteVoteTheme)
    list = Pages(lambda: votes.ListVotes)
    get_result = Call(lambda: votes.GetVoteResult)
    delete = Call(lambda: votes.DeleteVote)

    # --- built on the calls above ---------------------------------------------------------------------------------

    async def ask(
        self, meeting_id: str, poll: "votes.Poll", *, userid: str, device: Device = Device.PC
    ) -> "votes.OpenPoll":
        """Start a poll in a running meeting: its theme is made, and started.

        `userid` acts, with the kind of `device`: the creator, a host or a co-host; a userid, an `OpenId("...")` or an
        `MsOpenId("...")`. `await poll.finish()` ends it and gives what came of it, `await poll.results()` what came so
        far.

        Where no clear answer comes, what was made is looked for, and only what is not there `settle` seconds later is
        sent again; where looking does not settle it, `OutcomeUnknown` is raised. A theme that can't be started is
        deleted again; where one may be left, a note on the error names it. Raises `PermissionDenied` (9042),
        `WrongState` where the meeting does not run, and the errors of a call.
        """
        who = {"meeting_id": meeting_id, "operator_id": userid, "instanceid": device}
        return await votes.ask_poll(self.client, who, poll)
