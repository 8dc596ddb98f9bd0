"""Control of running meetings: what the API does with those inside, and what they do themselves."""
