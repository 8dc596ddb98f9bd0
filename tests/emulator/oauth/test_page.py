"""The authorisation page: what it shows, what it refuses, and that nothing on it can be abused."""

from html.parser import HTMLParser
from typing import Any

import pytest

from tests.emulator.conftest import PAGE
from tm_async.emulator import Emulator, User
from tm_async.emulator.oauth.redirects import form_source

HOSTILE = "\"'><script>alert(1)</script><!--"


class Seen(HTMLParser):
    """Tags with attributes, and the text, as a browser would see them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def inert(seen: Seen) -> None:
    """Nothing that acts, and nothing from elsewhere."""
    assert not {name for name, _ in seen.tags} & {"script", "iframe", "object", "embed", "img", "base", "svg", "a"}
    names = {name for _, attributes in seen.tags for name in attributes}
    assert not {name for name in names if name.startswith("on")} | (names & {"src", "style", "formaction", "srcdoc"})
    assert [link["href"] for link in seen.all("link")] == ["data:,"]
    assert [form["action"] for form in seen.all("form")] in ([], [PAGE])


def guarded(answer: Any) -> None:
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-content-type-options"] == "nosniff"
    # With no-referrer, browsers would send `Origin: null` with the form.
    assert answer.headers["referrer-policy"] == "same-origin"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    inert(Seen(answer.text))


async def test_it_says_who_asks_for_what(third) -> None:
    answer = await third.page()
    assert answer.status_code == 200
    guarded(answer)
    assert "form-action 'self' http://127.0.0.1:8912;" in answer.headers["content-security-policy"]
    seen = Seen(answer.text)
    assert f"Allow {third.app.name} to use" in seen.text
    assert "Create, change and cancel your meetings" in seen.text
    assert [option["value"] for option in seen.all("option")] == [user.userid for user in third.emulator.users]
    assert [button["value"] for button in seen.all("button")] == ["deny", "allow"]
    (form,) = seen.all("form")
    assert form == {"method": "post", "action": PAGE}
    assert {item["name"]: item["value"] for item in seen.all("input")} == third.query()
    assert third.app.secret not in answer.text


async def test_the_form_works_from_its_own_page_only(third) -> None:
    form = {**third.query(), "userid": "alice", "decision": "allow"}
    assert (await third.answer(form, Origin=third.emulator.oauth_url)).status_code == 302
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1", third.emulator.oauth_url + "0"):
        answer = await third.answer(form, Origin=origin)
        assert (answer.status_code, "location" in answer.headers) == (400, False)
        guarded(answer)


async def test_a_name_pointed_at_this_machine(third, clock, becoming) -> None:
    form = {**third.query(), "userid": "alice", "decision": "allow"}
    for answer in (
        await third.answer(form, Host="evil.example", Origin="http://evil.example"),
        await third.answer(form, Host="["),
        await third.http.get(
            f"{third.emulator.oauth_url}{PAGE}", params=third.query(), headers={"Host": "evil.example:80"}
        ),
    ):
        assert answer.status_code == 400
        assert "Host is not a loopback name" in answer.text
    async with Emulator(clock=clock, allow_remote=True) as remote:
        third = becoming(remote)
        form = {**third.query(), "userid": "alice", "decision": "allow"}
        assert (await third.answer(form, Host="emulator.test", Origin="http://emulator.test")).status_code == 302


async def test_everything_is_escaped(clock, becoming) -> None:
    async with Emulator(clock=clock, users=[HOSTILE, User("\ud800")]) as emulator:
        app = emulator.oauth.add_app(HOSTILE, scopes=[HOSTILE], redirects=["https://a.example"])
        uri = "https://a.example/'?a=1&quot;=2"
        answer = await becoming(emulator, app).page(redirect_uri=uri)
        assert answer.status_code == 200
        guarded(answer)
        seen = Seen(answer.text)
        assert seen.text.count(HOSTILE) == 3  # name, scope, user
        assert seen.all("option")[0]["value"] == HOSTILE
        assert {item["name"]: item["value"] for item in seen.all("input")}["redirect_uri"] == uri


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"corp_id": None}, "corp_id is missing"),
        ({"sdk_id": ""}, "sdk_id is missing"),
        ({"redirect_uri": None}, "redirect_uri is missing"),
        ({"state": None}, "state is missing"),
        ({"corp_id": "1"}, "corp_id is not that"),
        ({"sdk_id": "1"}, "sdk_id is not known"),
        ({"sdk_id": HOSTILE}, "sdk_id is not known"),
        ({"state": "a-b"}, "state must have"),
        ({"state": "a" * 65}, "state must have"),
        ({"state": "ä"}, "state must have"),
        ({"state": "abc\n"}, "state must have"),
        ({"state": HOSTILE}, "state must have"),
    ],
)
async def test_bad_parameters(third, changed: dict[str, str | None], words: str) -> None:
    answer = await third.page(**changed)
    assert (answer.status_code, "location" in answer.headers) == (400, False)
    guarded(answer)
    assert words in Seen(answer.text).text
    assert (await third.answer({**third.query(**changed), "userid": "bob", "decision": "allow"})).status_code == 400


@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.example/callback",
        "https://app.example.evil.example",
        "https://app.example@evil.example",
        "https://app.example:444/callback",
        "https://app.example\\@evil.example",
        "https://app.example/callback#part",
        "https://app.example/\r\nX: y",
        "https://app.example/ä",
        "https://app.example:99999/",
        "https://full.example/cb",
        "https://full.example/cb?x=2",
        "https://full.example/cb?x=1&y=2",
        "http://app.example/callback",
        "http://127.0.0.1.evil.example",
        "http://127.0.0.1@evil.example",
        "http://localhost.evil.example",
        "http://192.0.2.1/",
        "http:127.0.0.1",
        "//127.0.0.1/",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://app.example",
        HOSTILE,
    ],
)
async def test_refused_redirects(third, becoming, uri: str) -> None:
    app = third.emulator.oauth.add_app(redirects=["https://app.example", "https://full.example/cb?x=1", "nonsense"])
    third = becoming(third.emulator, app)
    answer = await third.page(redirect_uri=uri)
    assert (answer.status_code, "location" in answer.headers) == (400, False)
    guarded(answer)
    assert "redirect_uri" in answer.text
    for decision in ("allow", "deny"):
        answer = await third.answer({**third.query(redirect_uri=uri), "userid": "bob", "decision": decision})
        assert (answer.status_code, "location" in answer.headers) == (400, False)


@pytest.mark.parametrize(
    ("uri", "source"),
    [
        ("https://app.example", "https://app.example"),
        ("https://app.example/any/path?x=1", "https://app.example"),
        ("https://app.example:443/?", "https://app.example:443"),
        ("https://full.example/cb?x=1", "https://full.example"),
        ("http://127.0.0.1:1/x", "http://127.0.0.1:1"),
        ("http://localhost/", "http://localhost"),
        ("http://[::1]:5/cb", "http:"),
    ],
)
async def test_redirects_that_are_fine(third, becoming, uri: str, source: str) -> None:
    app = third.emulator.oauth.add_app(redirects=["https://app.example/", "https://full.example/cb?x=1"])
    third = becoming(third.emulator, app)
    assert (await third.page(redirect_uri=uri)).status_code == 200
    answer = await third.answer({**third.query(redirect_uri=uri), "userid": "bob", "decision": "deny"})
    location = answer.headers["location"]
    assert location.startswith(uri)
    assert location.endswith(("?error=access_denied&state=abcXYZ019", "&error=access_denied&state=abcXYZ019"))
    assert location.count("?") == 1
    assert form_source(uri) == source


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"userid": "nobody"}, "userid is not registered"),
        ({"userid": ""}, "userid is not registered"),
        ({"decision": "perhaps"}, "decision must be"),
        ({"decision": ""}, "decision must be"),
        ({"state": ""}, "state is missing"),
        ({str(number): "" for number in range(100)}, "too many parameters"),
    ],
)
async def test_bad_forms(third, changed: dict[str, str], words: str) -> None:
    answer = await third.answer({**third.query(), "userid": "alice", "decision": "allow", **changed})
    assert answer.status_code == 400
    assert words in answer.text


async def test_other_bodies(third) -> None:
    url = f"{third.emulator.oauth_url}{PAGE}"
    assert "x-www-form-urlencoded" in (await third.http.post(url, json=third.query())).text
    answer = await third.http.get(f"{url}?state=a&state=b")
    assert (answer.status_code, "state is given more than once" in answer.text) == (400, True)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await third.http.post(url, content=b"\xff\xfe=&&%zz", headers=form)).status_code == 400


async def test_a_banned_app_asks_nobody(third) -> None:
    third.emulator.oauth.ban()
    answer = await third.page()
    assert (answer.status_code, "The app is banned" in answer.text) == (400, True)
