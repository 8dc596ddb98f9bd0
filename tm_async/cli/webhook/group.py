"""The group `tm-async webhook`."""

import click

from tm_async.cli.speaking import Group
from tm_async.cli.webhook.check import check
from tm_async.cli.webhook.listen import listen
from tm_async.cli.webhook.replay import replay
from tm_async.cli.webhook.send import send
from tm_async.cli.webhook.state import dead, status
from tm_async.cli.webhook.verify import verify
from tm_async.cli.webhook.work import work

__all__ = ["webhook"]


@click.group(cls=Group, short_help="Receive the platform's events, play the platform.")
def webhook() -> None:
    """Events that the platform pushes: receive them, send samples of them, find out why they are refused.

    The keys of the subscription come from the environment: TENCENT_MEETING_WEBHOOK_TOKEN, and _WEBHOOK_AES_KEY if
    there is an EncodingAESKey. _WEBHOOK_PREVIOUS_TOKEN and _WEBHOOK_PREVIOUS_AES_KEY name those being replaced.
    """


for _command in (listen, send, verify, check, work, status, dead, replay):
    webhook.add_command(_command)
