"""`python -m tm_async` is the command `tm-async`."""

from tm_async.cli import main

main()
