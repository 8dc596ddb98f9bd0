"""Activation and verification: what is sent again by itself, and which kinds of licences are given."""

import pytest

from tests.unit.api.helpers import broken
from tm_async.api.users import AddAiAccount, AiAccountType, CreateActivationLinks, CreateVerificationLinks
from tm_async.core.operation import Repeat


def test_links_of_which_a_user_has_ten_a_day_are_not_asked_for_again() -> None:
    assert CreateVerificationLinks.spec.repeat is Repeat.UNSAFE
    assert CreateActivationLinks.spec.repeat is Repeat.SAFE


@pytest.mark.parametrize("kind", [None, *AiAccountType])
def test_no_licence_is_shown_and_not_given(kind: AiAccountType | None) -> None:
    problems = [("ai_account_type", "in-answers-only")] if kind is AiAccountType.NONE else []
    assert broken(AddAiAccount, operator_id="admin", to_operator_id="tester", ai_account_type=kind) == problems
