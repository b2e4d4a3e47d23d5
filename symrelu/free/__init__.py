"""Free probability, exact: laws with algebraic Stieltjes transforms, their free sums and products, spectra, thresholds.

The engine for the Hessian models of Pennington & Bahri (ICML 2017): H = H0 + H1 with H0, H1 free.
"""

from symrelu.free.closed_form import antiderivative
from symrelu.free.crossings import law_threshold
from symrelu.free.elimination import DegreeTooLarge, G, Z, g
from symrelu.free.ensembles import Discrete, MarchenkoPastur, PointMass, ProductWishart, Semicircle
from symrelu.free.law import Atom, Law, NoSTransform
from symrelu.free.models import model, refined, wishart_wigner
from symrelu.free.thresholds import threshold
from symrelu.free.transforms import inverse, square, symmetric_root, transposed

__all__ = [
    "Atom",
    "DegreeTooLarge",
    "Discrete",
    "G",
    "Law",
    "MarchenkoPastur",
    "NoSTransform",
    "PointMass",
    "ProductWishart",
    "Semicircle",
    "Z",
    "antiderivative",
    "g",
    "inverse",
    "law_threshold",
    "model",
    "refined",
    "square",
    "symmetric_root",
    "threshold",
    "transposed",
    "wishart_wigner",
]
