"""Generated examples for rules: few, quick, and without a database on disk, so that a test stays under 10 ms."""

from hypothesis import given, settings
from hypothesis import strategies as st

QUICK = settings(max_examples=20, deadline=None, database=None)


@QUICK
@given(st.text(alphabet=st.sampled_from("ab"), max_size=2), st.integers(0, 1))
def _warm_up(text: str, number: int) -> None:
    """The library builds its engine at the first example; here, where no test pays for it."""


_warm_up()
