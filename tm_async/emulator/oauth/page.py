"""The page on which a user allows an app in, as HTML. No scripts, nothing from elsewhere, no frames around it."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from html import escape

from tm_async._util.foreign import printable
from tm_async.emulator.gateway.reply import Reply
from tm_async.emulator.oauth.apps import OAuthApp
from tm_async.emulator.oauth.names import PAGE

__all__ = ["consent_page", "problem_page"]

_STYLE = """
:root { color-scheme: light dark; --back: #f3f5f9; --card: #fff; --text: #1b1f27; --line: #c5cbd6; }
@media (prefers-color-scheme: dark) {
  :root { --back: #14161a; --card: #1e2127; --text: #e8eaee; --line: #4d5461; }
}
body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 16px/1.5 system-ui, sans-serif;
  background: var(--back); color: var(--text); }
main { width: min(26rem, calc(100vw - 2rem)); box-sizing: border-box; padding: 1.75rem; border-radius: 14px;
  background: var(--card); box-shadow: 0 8px 30px rgb(0 0 0 / .12); overflow-wrap: anywhere; }
h1 { margin: 0 0 .75rem; font-size: 1.3rem; line-height: 1.3; }
ul { margin: .25rem 0 1.25rem; padding-left: 1.2rem; }
label { display: block; font-weight: 600; }
select, button { font: inherit; padding: .55rem .8rem; border-radius: 9px; border: 1px solid var(--line);
  background: var(--card); color: inherit; }
select { width: 100%; margin: .25rem 0 1.25rem; }
.buttons { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; }
button { cursor: pointer; }
button[value=allow] { background: #0a58e8; border-color: #0a58e8; color: #fff; }
:focus-visible { outline: 3px solid #6ea1ff; outline-offset: 2px; }
small { display: block; margin-top: 1.25rem; opacity: .75; }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

# Only the constants are documented; the words follow the ranges that the documents describe (docs 2021-09).
_IN_WORDS: Mapping[str, str] = {
    "VIEW_USER_INFO": "See your name and your account",
    "VIEW_VIDEO": "See your recordings and transcripts",
    "MANAGE_VIDEO": "Delete your recordings and change how they are shared",
    "MANAGE_MEETING": "Create, change and cancel your meetings, and control them while they run",
}


def consent_page(app: OAuthApp, userids: Iterable[str], hidden: Mapping[str, str], form_source: str) -> Reply:
    """Which app asks for what, who you are, and two buttons."""
    scopes = "".join(f"<li>{_shown(_IN_WORDS.get(scope, scope))}</li>" for scope in app.scopes)
    options = "".join(f'<option value="{escape(userid)}">{_shown(userid)}</option>' for userid in userids)
    fields = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in hidden.items()
    )
    body = f"""<h1>Allow {_shown(app.name)} to use your Tencent Meeting account?</h1>
<p>It asks to:</p>
<ul>{scopes}</ul>
<form method="post" action="{PAGE}">
{fields}
<label for="userid">You are</label>
<select id="userid" name="userid">{options}</select>
<div class="buttons">
<button name="decision" value="deny">Deny</button>
<button name="decision" value="allow">Allow</button>
</div>
</form>
<small>This is the emulator of tm_async. You return to {_shown(hidden["redirect_uri"])}.</small>"""
    return _page(200, "Allow access?", body, f"'self' {form_source}")


def problem_page(problem: str) -> Reply:
    """What is wrong with the address that led here. It leads nowhere."""
    body = f"""<h1>This request can't be answered</h1>
<p>{_shown(problem)}.</p>
<small>This is the emulator of tm_async. Nobody was sent anywhere.</small>"""
    return _page(400, "Bad request", body, "'none'")


def _shown(text: str) -> str:
    return escape(printable(text))


def _page(status: int, title: str, body: str, form_action: str) -> Reply:
    html = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><link rel="icon" href="data:,"><style>{_STYLE}</style></head>
<body><main>
{body}
</main></body></html>
"""
    policy = (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src data:; base-uri 'none'; "
        f"form-action {form_action}; frame-ancestors 'none'"
    )
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy,
        # Not no-referrer: with that, browsers send `Origin: null` with the form.
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    return Reply(status, html.encode("utf-8", "xmlcharrefreplace"), b"text/html; charset=utf-8", headers)
