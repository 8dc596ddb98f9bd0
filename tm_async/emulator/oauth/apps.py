"""Third-party apps as the app console would show them."""

from random import Random

from attrs import field, frozen

__all__ = ["REDIRECT_URI", "SCOPES", "OAuthApp", "seeded_app"]

REDIRECT_URI = "http://127.0.0.1:8912/callback"
"""Where a program on this machine may listen; nothing of the emulator does."""

SCOPES = ("VIEW_USER_INFO", "VIEW_VIDEO", "MANAGE_VIDEO", "MANAGE_MEETING")
"""The legacy names that the documents mention (docs 2023)."""


@frozen(kw_only=True)
class OAuthApp:
    """A third-party app."""

    corp_id: str
    """Enterprise of the app's owner."""
    sdk_id: str
    """Names the app, as `client_id` does elsewhere."""
    secret: str = field(repr=False)
    name: str
    scopes: tuple[str, ...] = SCOPES
    """Fixed in the app console: nothing on the wire asks for scopes."""
    redirects: tuple[str, ...] = ()
    """The allow list: full URLs with path and query, or base URLs."""


def seeded_app(seed: int, number: int) -> OAuthApp:
    """Credentials that look like the vendor's and are obviously none."""
    rng = Random(f"oauth app {seed} {number}")  # noqa: S311 - reproducible on purpose
    return OAuthApp(
        corp_id=f"2{rng.randrange(10**8):08d}",
        sdk_id=f"1{rng.randrange(10**10):010d}",
        secret=f"EMULATOR-NOT-A-SECRET-{rng.getrandbits(64):016x}",
        name="Emulated app" if number == 0 else f"Emulated app {number + 1}",
        redirects=(REDIRECT_URI, "https://app.example"),
    )
