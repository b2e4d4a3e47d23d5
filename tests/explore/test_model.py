"""What can be chosen on the page, and the words for it, without a browser."""

import re
import shlex

import pytest
from click.testing import CliRunner

import symrelu
from symrelu.cli import main
from symrelu.errors import BadInput, SymreluError
from symrelu.explore import diagram, model
from symrelu.symmetry.isotropy import Isotropy


def test_every_named_family_can_be_chosen_and_is_recognised():
    for name, choice in model.named_choices().items():
        assert choice.name == name
        assert symrelu.family(**choice.words()).key == symrelu.family(name).key


def test_the_command_names_the_family_that_is_shown():
    assert model.named_choices()["3a"].command("series", "--order", "4") == "symrelu series 3a --order 4"
    other = model.Choice("d-2,2", "a_1=1,a_5=-1", "1,2,*", branch=1)
    words = shlex.split(other.command("series"))
    assert words == "symrelu series --blocks d-2,2 --rows 1,2,* --limit a_1=1,a_5=-1 --branch 1".split()
    assert "'1,2,*'" in other.command("series")  # the shell must not expand it


def test_commands_run_as_they_are_copied():
    choice = model.Choice("d", "-")
    answer = CliRunner().invoke(main, shlex.split(choice.command("series", "--order", "1"))[1:])
    assert answer.output.strip() == symrelu.family("1b").series(1).text()
    beginning_with_minus = model.Choice("d-4,4", "-,+").command("expression", "--what", "loss")
    assert CliRunner().invoke(main, shlex.split(beginning_with_minus)[1:]).exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        {"blocks": "__import__('os').system('true')", "limit": "+"},
        {"blocks": "d-1,1", "limit": "+,-,+"},
        {"blocks": "d-1,1", "limit": "a_1=__import__('os')"},
        {"blocks": "d-1,1", "limit": "+,-", "branch": "0x1"},
        {"blocks": "d-1,1", "limit": "+,-", "branch": "0"},
        {"blocks": "d" * 1000, "limit": "+"},
        {"blocks": "2,2", "limit": "+,-"},
        {"blocks": "d-2,2", "rows": "1,2,*"},
        {},
    ],
)
def test_what_makes_no_sense_is_refused_in_a_line(words):
    with pytest.raises(BadInput) as error:
        model.read_choice(words)
    assert "\n" not in str(error.value)


def test_an_address_gives_back_the_choice():
    choices = [*model.named_choices().values(), model.Choice("d-2,2", "a_1=1,a_5=-1", "1,2,*", branch=2)]
    assert [model.read_choice(choice.query()) for choice in choices] == choices


def test_minus_signs_are_read_as_the_page_shows_them():
    assert model.read_choice({"blocks": "d\u22124, 4", "limit": "+, \u2212"}).command("series") == (
        model.read_choice({"blocks": "d-4, 4", "limit": "+, -"}).command("series")
    )


def test_a_type_opens_with_its_last_block_turned():
    assert model.read_choice({"blocks": "d-3,3"}).name == "4"
    assert model.read_choice({"blocks": "d"}).name == "1a"
    assert model.read_choice({"blocks": "d-3,2,1"}).limit == "+,+,-"


def test_menus_offer_every_type_of_the_lattice_and_every_sign():
    found = model.lattice(model.FIRST)
    types = model.type_options(found)
    assert len(types) == len(found.types)
    assert types["Δ(S(d−2) × S(2))   (3a, 3b)"] == "d-2,2"
    assert set(model.limit_options(Isotropy.parse("d-1,1")).values()) == {"+,+", "+,-", "-,+", "-,-"}
    assert model.limit_options(Isotropy.parse("d-1", "1", "1,*")) == {}


def test_the_diagram_reaches_as_far_as_the_chosen_type():
    six = model.Choice("d-6,6", "+,-")
    assert any(one.isotropy == six.isotropy for one in model.lattice(six).types)
    ten = model.Choice("d-10,10", "+,-")
    assert model.neighbours(model.lattice(ten), ten.isotropy) == ([], [])


def test_neighbours_are_the_covers():
    choice = model.Choice("d-2,2", "+,-")
    larger, smaller = model.neighbours(model.lattice(choice), choice.isotropy)
    assert [model.blocks_text(one) for one in larger] == ["d"]
    assert {model.blocks_text(one) for one in smaller} == {"d-2,1,1", "d-3,2,1", "d-4,2,2"}


def test_every_box_of_the_diagram_links_to_its_own_type():
    choice = model.Choice("d-2,2", "+,-")
    found = model.lattice(choice)
    svg = diagram.lattice_svg(found, choice.isotropy, {"order": '4"><script>'})
    assert "<script>" not in svg
    linked = re.findall(r'href="\?blocks=([^&"]*)', svg)
    assert sorted(x.replace("%2C", ",") for x in linked) == sorted(model.type_options(found).values())
    assert svg.count('class="here"') == 1
    assert svg.count('<a class="near"') == 4


def test_errors_of_the_library_are_what_the_page_shows():
    with pytest.raises(SymreluError, match="one sign a block"):
        model.Choice("d-2,2", "+").key()
