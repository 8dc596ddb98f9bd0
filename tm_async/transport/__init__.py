"""How a signed request gets to the gateway. One module per HTTP family, all behind `Transport`."""

from tm_async.transport.protocol import Timeout, Transport

__all__ = ["Timeout", "Transport"]
