"""The explorer, a page in the browser: `symrelu explore` (the extra ``explore`` brings marimo, which serves it).

``model`` knows what can be chosen and what the choice is called; ``answers`` computes what is shown, as plain data, in
processes of their own (``worker``) that ``jobs`` starts, watches and ends; ``charts`` and ``diagram`` draw; ``app`` is
the page, ``server`` serves it. Only ``app`` and ``server`` need marimo.
"""
