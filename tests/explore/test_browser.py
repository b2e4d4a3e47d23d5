"""The page in a real browser, without a network: choose a type, see the series, move the slider, read the numbers back.

Needs Debian's packages chromium and chromium-driver, and selenium (pip install selenium).
"""

import importlib.util
import shutil
import time

import pytest
import sympy

from symrelu.explore.formulas import displays
from tests.explore.running import explorer, needs_marimo
from tests.shared import family_of

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
LACKING = [
    name
    for name, found in (
        ("chromium", CHROMIUM),
        ("chromedriver (Debian: chromium-driver)", DRIVER),
        ("selenium (pip install selenium)", importlib.util.find_spec("selenium")),
    )
    if not found
]
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--force-prefers-reduced-motion",
    "--window-size=1280,1000",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # no network: all that is shown comes from here
)
PATIENCE = 90.0  # seconds, on a machine that does other things too
PAUSE = 0.5  # seconds between two looks at the page, which take time themselves

# marimo's elements have shadow trees of their own
EVERYTHING = """function* tree(root) {
  for (const x of root.querySelectorAll("*")) { yield x; if (x.shadowRoot) yield* tree(x.shadowRoot); }
}
const all = [...tree(document)];
"""


class Browser:
    """What a user does and sees."""

    def __init__(self):
        from selenium import webdriver

        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for argument in ARGUMENTS:
            options.add_argument(argument)
        self.driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))

    def find(self, code):
        """The value of an expression in `all`, the elements of the page, as soon as it is true."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = self.driver.execute_script(f"{EVERYTHING} return {code};")
            if found:
                return found
            time.sleep(PAUSE)
        raise AssertionError(f"{code}\n{self.driver.find_element('tag name', 'body').text}")

    def click(self, code):
        """Click on an element, once more if the page drew it anew or moved it meanwhile."""
        from selenium.common.exceptions import WebDriverException

        end = time.monotonic() + PATIENCE
        while True:
            element = self.find(code)
            try:
                self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
                return element.click()
            except WebDriverException:
                if time.monotonic() > end:
                    raise
                time.sleep(PAUSE)

    def formulas(self):
        """The LaTeX of everything that is typeset and fits the window."""
        shown = 'x.localName === "annotation" && x.closest(".katex").getClientRects().length'
        code = f"all.filter(x => {shown}).map(x => x.textContent.trim())"
        return self.driver.execute_script(f"{EVERYTHING} return {code};")

    def wait_for(self, what):
        end = time.monotonic() + PATIENCE
        while not what():
            assert time.monotonic() < end, self.driver.find_element("tag name", "body").text
            time.sleep(PAUSE)


@pytest.fixture
def browser():
    made = Browser()
    yield made
    made.driver.quit()


def typeset(result):
    """A family's series as the page is to typeset them in a wide window."""
    named = [(f"a_{{{i}}}", x) for i, x in enumerate(result.entries.values(), 1)]
    variants = displays([(name, sympy.latex(x)) for name, x in [*named, (r"\mathcal{L}", result.loss)]])
    return variants[-1]["tex"]


@pytest.mark.slow
@needs_marimo
@pytest.mark.skipif(bool(LACKING), reason=f"not installed: {', '.join(LACKING)}")
def test_a_type_is_chosen_its_series_seen_and_its_numbers_read_back(browser):
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import Select

    family = family_of("3a")
    five = family.series(5)
    expected = {4: typeset(family.series(4)), 5: typeset(five)}
    evaluation = family.at(12, 12)

    def shows(order):
        return expected[order] in browser.formulas()

    with explorer(SYMRELU_STORE="off") as (address, _):
        browser.driver.get(address)
        stopped = 'all.some(x => x.className === "sr-said" && x.textContent === "Stopped.")'
        button = 'all.filter(x => x.localName === "button" && x.textContent.trim() === "{}").at(-1)'
        browser.click(button.format("Stop"))
        browser.find(stopped)
        browser.click(button.format("Try again"))
        browser.find(f"!{stopped}")

        menu = Select(browser.find('all.find(x => x.tagName === "SELECT")'))
        label = next(x.text for x in menu.options if x.text.startswith("Δ(S(d−2) × S(2))"))
        menu.select_by_visible_text(label)
        browser.find('all.some(x => x.textContent === "Family 3a: Δ(S(d−2) × S(2)), limit +, −")')
        browser.wait_for(lambda: shows(4))
        assert not shows(5)

        slider = browser.find('all.find(x => x.getAttribute("role") === "slider")')
        assert slider.get_attribute("aria-valuenow") == "4"
        slider.send_keys(Keys.ARROW_RIGHT)
        browser.wait_for(lambda: shows(5))
        copied = browser.find(
            'all.filter(x => x.dataset && x.dataset.copy).map(x => x.dataset.copy).find(x => x.includes("aligned"))'
        )
        assert copied == five.latex()
        browser.find('all.some(x => x.dataset && x.dataset.copy === "symrelu series 3a --order 5")')

        browser.find(f'all.some(x => x.tagName === "TD" && x.textContent === "{evaluation.loss.text(12)}")')
        cells = browser.find('all.filter(x => x.tagName === "TD").map(x => x.textContent)')
        assert cells[cells.index("a₅") + 1] == evaluation.entries["a_5"].text(12)

        browser.click('all.find(x => x.localName === "a" && x.textContent.endsWith("d−4, 4"))')
        browser.find('all.some(x => x.textContent === "Δ(S(d−4) × S(4)), limit +, −")')
        slider = browser.find('all.find(x => x.getAttribute("role") === "slider")')
        assert slider.get_attribute("aria-valuenow") == "5"
