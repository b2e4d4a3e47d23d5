"""The manual: sphinx-build -W -b html manual build/manual. Nothing is fetched while it is built.

Formulas are set in the browser by MathJax. SYMRELU_MATHJAX names a copy of it: the address of its script, or a folder,
which goes into the pages. Left out, the copy that jupyter-server-mathjax installs goes there; without that package, the
pages load MathJax from its public address when they are read.
"""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
os.environ["SYMRELU_STORE"] = "off"

import generate  # noqa: E402
from docstrings import as_rst  # noqa: E402

import symrelu  # noqa: E402

project = "symrelu"
author = "The symrelu developers"
copyright = "the symrelu developers, MIT licence"
version = release = symrelu.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.mathjax"]
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

_SCRIPT = "MathJax.js?config=TeX-AMS-MML_HTMLorMML-full"
_FOLDER = "mathjax"


def _mathjax() -> tuple[str, Path | None]:
    """The address of the script that the pages load, and the folder to be copied into them, if any."""
    given = os.environ.get("SYMRELU_MATHJAX", "")
    folder = Path(given)
    if given and not folder.is_dir():
        return given, None
    if not given:
        spec = find_spec("jupyter_server_mathjax")
        if spec is None or spec.origin is None:
            return "", None
        folder = Path(spec.origin).parent / "static"
    for script in ("tex-mml-chtml.js", "es5/tex-mml-chtml.js", "MathJax.js"):
        if (folder / script).exists():
            return f"{_FOLDER}/{_SCRIPT if script == 'MathJax.js' else script}", folder
    sys.exit(f"SYMRELU_MATHJAX={given} was given; that folder holds neither tex-mml-chtml.js nor MathJax.js")


_path, _copied = _mathjax()
if _path:
    mathjax_path = _path
if "MathJax.js" in _path:
    myst_update_mathjax = False  # it would configure MathJax 3
    mathjax2_config = {"messageStyle": "none", "HTML-CSS": {"preferredFont": "TeX"}}


def _copy_mathjax(app, error):
    """MathJax beside the pages, without its images for browsers that set no fonts."""
    if error is None and _copied is not None and app.builder.format == "html":
        from shutil import copytree, ignore_patterns

        target = Path(app.outdir) / "_static" / _FOLDER
        if not target.exists():
            copytree(_copied, target, ignore=ignore_patterns("png", "unpacked", "docs", "test"))


def _docstring(app, what, name, obj, options, lines):
    """Docstrings are plain text with ``code`` and roles: what else means something to Sphinx is escaped."""
    lines[:] = as_rst(lines)


def setup(app):
    """Make the generated pages, and mend docstrings."""
    generate.pages(HERE / "_generated")
    app.connect("autodoc-process-docstring", _docstring)
    app.connect("build-finished", _copy_mathjax)
