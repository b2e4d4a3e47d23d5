"""The literature that a document cites, as BibTeX."""

from __future__ import annotations

from collections.abc import Iterable

REFERENCES = {
    "ArjevaniField2021": r"""@inproceedings{ArjevaniField2021,
  author    = {Yossi Arjevani and Michael Field},
  title     = {Analytic Study of Families of Spurious Minima in Two-Layer {ReLU} Neural Networks: A Tale of
               Symmetry {II}},
  booktitle = {Advances in Neural Information Processing Systems 34},
  year      = {2021},
  note      = {arXiv:2107.10370},
}""",
    "ArjevaniField2020": r"""@inproceedings{ArjevaniField2020,
  author    = {Yossi Arjevani and Michael Field},
  title     = {Analytic Characterization of the {H}essian in Shallow {ReLU} Models: A Tale of Symmetry},
  booktitle = {Advances in Neural Information Processing Systems 33},
  year      = {2020},
  note      = {arXiv:2008.01805},
}""",
    "SafranShamir2018": r"""@inproceedings{SafranShamir2018,
  author    = {Itay Safran and Ohad Shamir},
  title     = {Spurious Local Minima are Common in Two-Layer {ReLU} Neural Networks},
  booktitle = {Proceedings of the 35th International Conference on Machine Learning},
  pages     = {4430--4438},
  year      = {2018},
}""",
    "ChoSaul2009": r"""@inproceedings{ChoSaul2009,
  author    = {Youngmin Cho and Lawrence K. Saul},
  title     = {Kernel Methods for Deep Learning},
  booktitle = {Advances in Neural Information Processing Systems 22},
  year      = {2009},
}""",
    "Williams1997": r"""@inproceedings{Williams1997,
  author    = {Christopher K. I. Williams},
  title     = {Computing with Infinite Networks},
  booktitle = {Advances in Neural Information Processing Systems 9},
  pages     = {295--301},
  year      = {1997},
}""",
    "Isserlis1918": r"""@article{Isserlis1918,
  author    = {Leon Isserlis},
  title     = {On a Formula for the Product-Moment Coefficient of any Order of a Normal Frequency Distribution in any
               Number of Variables},
  journal   = {Biometrika},
  volume    = {12},
  number    = {1/2},
  pages     = {134--139},
  year      = {1918},
}""",
    "FultonHarris1991": r"""@book{FultonHarris1991,
  author    = {William Fulton and Joe Harris},
  title     = {Representation Theory},
  series    = {Graduate Texts in Mathematics},
  volume    = {129},
  publisher = {Springer},
  year      = {1991},
}""",
    "Johansson2017": r"""@article{Johansson2017,
  author    = {Fredrik Johansson},
  title     = {Arb: Efficient Arbitrary-Precision Midpoint-Radius Interval Arithmetic},
  journal   = {IEEE Transactions on Computers},
  volume    = {66},
  number    = {8},
  pages     = {1281--1292},
  year      = {2017},
}""",
}

KERNEL_SOURCES = {
    "relu": ("ChoSaul2009",),
    "leaky": ("ChoSaul2009",),
    "abs": ("ChoSaul2009",),
    "erf": ("Williams1997",),
    "z2": ("Isserlis1918",),
    "z3": ("Isserlis1918",),
}


def bibliography(cited: Iterable[str]) -> str:
    """The BibTeX file of the works with these keys, in the order of REFERENCES."""
    wanted = set(cited)
    return "\n\n".join(text for key, text in REFERENCES.items() if key in wanted) + "\n"
