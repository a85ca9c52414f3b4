"""913 steel plants whose costs and running shares are drawn by a stated seed: both ends of their state."""

import pytest
from benchmarks.steel import PRICE, SEED, write_case

import potline as pot
from potline.report.state import state_line, state_sentences


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> pot.Case:
    folder = tmp_path_factory.mktemp("list") / "steel"
    write_case(folder)
    return pot.load(folder)


def test_both_ends_are_printed(listed: pot.Case) -> None:
    assert SEED == 913
    state = pot.state(listed)
    assert state.certificate.holds
    assert state_sentences(state) == [
        "What is seen does not hold by itself: 327.4 Mt/year stand idle below their restart price and are taken not to "
        "come back within the term.",
        "At no price would every line be where it is: some that runs stops below 584 USD/t, some that stands idle "
        "restarts above 441 USD/t, as quoted.",
    ]
    most, least = (pot.meeting(listed, draws=0, idle_below=end) for end in pot.IdleBelow)
    assert least.deal_price_per_t == most.price_per_t == PRICE
    assert most.deal_price_per_t == pytest.approx(605.89, abs=0.005)
    assert (least.free_riders_gain_m_per_year, most.certificate.holds, least.certificate.holds) == (0.0, True, True)
    assert most.free_riders_gain_m_per_year == pytest.approx(9848.06, abs=0.01)
    said = [state_line(held.state) for held in (most, least)]
    assert said[0] == state_sentences(state)[0]
    assert said[1] == said[0].replace(
        "are taken not to come back within the term", "are taken to come back with the first USD more"
    )
