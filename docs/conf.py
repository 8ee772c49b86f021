"""Configuration of the documentation: `uv run sphinx-build -W docs docs/_build/html`."""

import os
import sys
from pathlib import Path

os.environ.setdefault("JAX_PLATFORMS", "cpu")
sys.path.insert(0, str(Path(__file__).parent / "_ext"))

import accord

project = "Accord"
author = "The Accord developers"
project_copyright = "The Accord developers, Apache-2.0"
release = accord.__version__
version = release

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "mathml",
    "percent_pages",
]
source_suffix = {".md": "markdown", ".py": "markdown"}
exclude_patterns = ["_build", "_ext", "conf.py"]

myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 3

default_role = "literal"  # `name` in a docstring is code, as in Markdown
autodoc_class_signature = "separated"
autodoc_default_options = {"exclude-members": "__init__, __new__"}
autodoc_typehints = "none"
napoleon_use_rtype = False
napoleon_use_ivar = True

html_theme = "furo"
html_title = "Accord"
html_static_path = ["_static"]
html_css_files = ["tables.css"]
html_math_renderer = "mathml"
html_show_sphinx = False
