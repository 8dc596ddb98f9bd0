"""What is worked out once for all that look alike, and not kept without bound."""

from tm_async.core.shapes import Shapes, values_of


def test_a_shape_is_worked_out_once() -> None:
    asked: list[str] = []

    def plan(shape: str) -> str:
        asked.append(shape)
        return shape.upper()

    shapes = Shapes(plan)
    assert [shapes["a"], shapes["b"], shapes["a"]] == ["A", "B", "A"]
    assert asked == ["a", "b"]


def test_no_more_than_some_hundreds_are_kept() -> None:
    shapes = Shapes[int, int](lambda number: -number)
    for number in range(10_000):
        assert shapes[number] == -number
        assert len(shapes) <= 256


def test_values_in_the_order_of_their_names() -> None:
    items = {"a": 1, "b": 2, "c": 3}
    assert values_of(["c", "a"])(items) == (3, 1)
    assert values_of(["b"])(items) == (2,)
    assert values_of([])(items) == ()
