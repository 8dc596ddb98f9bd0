"""The chapter "votes" on a client: `tm.votes`."""

from tm_async.api import votes
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
