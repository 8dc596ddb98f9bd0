"""The same few lines for each framework: hand over what came, undecoded, and send what `Webhooks.respond` says."""
