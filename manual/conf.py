"""The manual: sphinx-build -W -b html manual build/manual. Nothing is fetched while it is built.

Formulas are set in the browser by MathJax. SYMRELU_MATHJAX names a copy of it: the address of its script, or a folder,
which goes into the pages. Left out, the copy that the package django-static-mathjax installs goes there; without that
package, the pages load MathJax from its public address when they are read.
"""

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from shutil import copyfile, copytree

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
os.environ["SYMRELU_STORE"] = "off"

import symrelu  # noqa: E402
from manual.docstrings import as_rst  # noqa: E402
from manual.generate import pages  # noqa: E402

project = "symrelu"
author = "The symrelu developers"
copyright = "the symrelu developers, MIT licence"
version = release = symrelu.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.viewcode", "sphinx.ext.mathjax"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns = ["_build"]
myst_enable_extensions = ["dollarmath", "amsmath", "deflist"]
myst_heading_anchors = 3
myst_dmath_double_inline = True
suppress_warnings = ["myst.strikethrough"]
highlight_language = "none"
templates_path: list[str] = []

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
python_maximum_signature_line_length = 88
add_module_names = False
toc_object_entries = False  # they would be copied into the menu of every page
smartquotes = False

html_theme = "furo"
html_title = f"symrelu {release}"
html_static_path = ["static"]
html_css_files = ["symrelu.css"]
html_copy_source = False
html_show_sphinx = False
html_theme_options = {"navigation_with_keys": True, "top_of_page_buttons": []}
pygments_style = "tango"

_SCRIPT = "tex-mml-chtml.js"


def _mathjax() -> tuple[str, Path | None]:
    """The address of the script that the pages load ("" for the public one), and the folder that it is copied from."""
    given = os.environ.get("SYMRELU_MATHJAX", "")
    if given and not Path(given).is_dir():
        return given, None
    folder = Path(given)
    if not given:
        spec = find_spec("mathjax")
        if spec is None or spec.origin is None:
            return "", None
        folder = Path(spec.origin).parent / "static/mathjax"
    for scripts in (folder, folder / "es5"):
        if (scripts / _SCRIPT).exists():
            return f"mathjax/{_SCRIPT}", scripts
    sys.exit(f"SYMRELU_MATHJAX={given} was given; that folder holds no {_SCRIPT}: name one of MathJax 3")


_path, _scripts = _mathjax()
if _path:
    mathjax_path = _path


def _skip(app, what, name, obj, skip, options):
    """Fields of named tuples are described with the class; their own docstrings are "Alias for field number 0"."""
    return True if (getattr(obj, "__doc__", None) or "").startswith("Alias for field number") else None


def _copy_mathjax(app, error):
    """MathJax's script and fonts beside the pages."""
    if error is None and _scripts is not None and app.builder.format == "html":
        target = Path(app.outdir) / "_static" / "mathjax"
        copytree(_scripts / "output/chtml/fonts", target / "output/chtml/fonts", dirs_exist_ok=True)
        copyfile(_scripts / _SCRIPT, target / _SCRIPT)


def _docstring(app, what, name, obj, options, lines):
    """Docstrings are plain text with ``code`` and roles: what else means something to Sphinx is escaped."""
    lines[:] = as_rst(lines)


def setup(app):
    """Make the generated pages, and mend docstrings."""
    pages(HERE / "_generated")
    app.connect("autodoc-process-docstring", _docstring)
    app.connect("autodoc-skip-member", _skip)
    app.connect("build-finished", _copy_mathjax)
