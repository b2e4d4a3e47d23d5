"""The rebuttal on piecewise strong convexity (seed 003; the paper is arXiv 1810.12805, Milne), sentence by sentence.

Only the rebuttal is at hand: the paper's (5)-(7), Lemmas 4-6 and the definition of the metric are not. What is decided
here was derived anew for y = W_H s(W_(H-1) ... s(W_0 a)) without biases, l = (1/2N) sum |y(a_i) - b_i|**2, l_lambda =
l + (lambda/2)|W|**2 (Frobenius, all layers), |a_i| <= r, ||W||_* = max ||W_i||_op; this reproduces the printed
constant, which is the evidence for it (:mod:`symrelu.convexity.bound`). In formulas: H; x, y, z; L for lambda, T for
theta, P for R**(H - 1); m for max(1, |s|), s the slope of a leaky ReLU.
"""

from __future__ import annotations

from collections.abc import Iterator

from symrelu.claims.claim import Claim

PAPER = "Rebuttal on piecewise strong convexity (003)"
CONSTANT = "H*(H + 1)"
_BODY = "rests on the body of the paper, which is not available here"
_REFERENCE = "a statement about another work, whose text is not available here"


def claim(
    name: str, place: str, statement: str, kind: str, printed: str = "", subject: str = "", error: str = ""
) -> Claim:
    """A claim of the rebuttal."""
    return Claim(f"convexity.{name}", f"{PAPER}, {place}", statement, kind, None, subject, printed, error)


def claims() -> Iterator[Claim]:
    """All claims, in the order of the text."""
    yield from _first_paragraph()
    yield from _points()
    yield from _second_reviewer()
    yield from _third_reviewer()


def _first_paragraph() -> Iterator[Claim]:
    place = "reviewer 1, first paragraph"
    yield claim(
        "r1.reference-1", place,
        "[1]: for 2-layer networks, on some convex sets all local minima are global and sublevel sets are connected",
        "convex_open", _REFERENCE,
    )  # fmt: skip
    yield claim("r1.example.minima", place, "all local minima of x**2 y**2 are global", "convex_minima", "x**2*y**2")
    yield claim(
        "r1.example.sublevel", place, "all sublevel sets of x**2 y**2 are connected", "convex_sublevel", "x**2*y**2"
    )
    yield claim(
        "r1.example.nowhere", place, "x**2 y**2 is nowhere convex (on no open set)", "convex_nowhere", "x**2*y**2"
    )
    yield claim(
        "r1.example.pointwise", f"{place} (our question)",
        "the Hessian of x**2 y**2 is nowhere positive semi-definite, not even at single points",
        "convex_nowhere_semidefinite", "x**2*y**2",
    )  # fmt: skip
    yield claim(
        "r1.example.conclusion",
        place,
        "that all local minima are global and all sublevel sets connected does not imply convexity",
        "convex_conclusion",
        "x**2*y**2",
    )
    yield claim(
        "r1.stronger", f"{place} (our reading)",
        "local strong convexity on certain sets is a stronger conclusion: on those sets it implies the two properties",
        "convex_stronger", "3*x**4 + 4*x**3 - 12*x**2 + y**2",
    )  # fmt: skip
    yield claim(
        "r1.strong", place,
        "where it is smooth, l_lambda is strongly convex on U(lambda, theta), theta > 0, with the constant H(H+1) "
        "of (6)",
        "convex_constant", CONSTANT,
    )  # fmt: skip
    yield claim(
        "r1.strong.sharper", f"{place} (our question)",
        "l_lambda is strongly convex on U(lambda, theta), theta > 0, with H instead of H(H+1) in (6)",
        "convex_constant", "H",
    )  # fmt: skip
    yield claim(
        "r1.strong.smallest", f"{place} (our question)",
        "l_lambda is strongly convex on U(lambda, theta), theta > 0, with H - 1/10 instead of H(H+1) in (6)",
        "convex_constant", "H - 1/10",
    )  # fmt: skip
    yield claim(
        "r1.strong.kinks", f"{place} (our question)",
        "l_lambda is convex on every segment in U(lambda, theta), across kinks too", "convex_kinks", "3",
    )  # fmt: skip
    yield claim(
        "r1.architecture.depth", place,
        "the bound holds for every depth, and no width occurs in it: not for 2-layer networks alone",
        "convex_widths", "H",
    )  # fmt: skip
    yield claim(
        "r1.architecture.biases", f"{place} (our question)",
        "the bound holds with biases too, with the same constant, r = max |(a_i, 1)| and ||W||_* = max ||[W_i b_i]||",
        "convex_biases", "2",
    )  # fmt: skip
    yield claim(
        "r1.architecture.any", place, "the results hold for any network architecture (biases, convolutions, skips)",
        "convex_open", f"which architectures the theorem admits {_BODY}; decided here: fully connected, without biases "
        "(r1.strong) and with them (r1.architecture.biases)",
    )  # fmt: skip
    yield claim(
        "r1.all-of-weight-space", place, "the results of [1] hold on all of weight space", "convex_open", _REFERENCE
    )
    yield claim("r1.proper-subset", place, "U(lambda, theta) is a proper subset of weight space", "convex_proper", "1")
    yield claim(
        "r1.lemma4", place, "U(lambda, theta) can contain all global minimizers (Lemma 4)", "convex_all_minimizers",
        CONSTANT,
    )  # fmt: skip
    yield claim(
        "r1.lemma4.nonzero", f"{place} (our question)",
        "U(lambda, theta) can contain a global minimizer, a local minimizer or a critical point other than W = 0",
        "convex_nonzero_critical", CONSTANT,
    )  # fmt: skip
    yield claim(
        "r1.gram", "reviewer 1, second paragraph",
        "the Gram matrix of [3] uses first derivatives of the predictions only and says nothing about convexity",
        "convex_gram", "gauss_newton",
    )  # fmt: skip
    yield claim(
        "r1.gram.zero-error", "reviewer 1, second paragraph (our question)",
        "the Gram matrix of [3] says nothing about convexity at points of zero error, either", "convex_gram_zero", "1",
    )  # fmt: skip


def _points() -> Iterator[Claim]:
    yield claim(
        "r1.point1.noise", "reviewer 1, point 1",
        "the results of [2] hold for almost all noise realizations; after selecting one, ours hold, slightly modified",
        "convex_open", _REFERENCE,
    )  # fmt: skip
    yield claim(
        "r1.point1.leaky", "reviewer 1, point 1",
        "roughly the same proof works with a leaky ReLU if its slope s is bounded: a factor max(1, |s|) a hidden layer",
        "convex_leaky", "m",
    )  # fmt: skip
    yield claim(
        "r1.point1.leaky.unbounded", "reviewer 1, point 1 (our question)",
        "the bound as printed holds for a leaky ReLU of every slope, without a further factor", "convex_leaky", "1",
    )  # fmt: skip
    yield claim(
        "r1.point2.inclusion", "reviewer 1, point 2", "A(R, lambda, theta) is a subset of U(lambda, theta), by (7)",
        "convex_inclusion", "(L - T)/(sqrt(2)*H*(H + 1)*r*P)",
    )  # fmt: skip
    yield claim(
        "r1.point2.ball", "reviewer 1, point 2", "A(R, lambda, theta) is a subset of B(R) = {||W||_* <= R}",
        "convex_ball", "1",
    )  # fmt: skip
    yield claim(
        "r1.point3.bounded", "reviewer 1, point 3", "the region A(R, lambda, theta) is bounded: |(W_i)_pq| <= R in it",
        "convex_ball", "1",
    )  # fmt: skip
    yield claim(
        "r1.point4.large", "reviewer 1, point 4",
        "if zero error is possible, U(lambda, theta) holds points of arbitrarily large ||W||_*", "convex_zero_error",
        "large",
    )  # fmt: skip
    yield claim(
        "r1.point4.small", "reviewer 1, point 4 (our question: regardless of the size, so small ones too)",
        "if zero error is possible and some b_i != 0, the error is 0 at points of arbitrarily small ||W||_*",
        "convex_zero_error", "small",
    )  # fmt: skip
    yield claim(
        "r1.point5.lemmas", "reviewer 1, point 5", "Lemmas 5 and 6 do not guarantee a local minimum of l_lambda in U",
        "convex_open",
        f"what Lemmas 5 and 6 say {_BODY}; but no lemma can guarantee one other than W = 0 (r1.lemma4.nonzero)",
    )  # fmt: skip
    yield claim(
        "r1.point5.lemma4", "reviewer 1, point 5", "under some conditions there is a local minimum of l_lambda in U",
        "convex_all_minimizers", CONSTANT,
    )  # fmt: skip
    yield claim(
        "r1.point6.halts", "reviewer 1, point 6 (our reading)",
        "where training converges to a minimum (or critical point) W != 0, the bound fails at the limit and near it",
        "convex_halts", CONSTANT,
    )  # fmt: skip
    yield claim(
        "r1.point6.on-the-way", "reviewer 1, point 6 (our question)",
        "training that converges to a minimum W != 0 never satisfies the bound on the way", "convex_on_the_way",
        CONSTANT, "19/100",
    )  # fmt: skip
    yield claim(
        "r1.point6.measured", "reviewer 1, point 6", "the training process typically halts before the bound is "
        "satisfied",
        "convex_measured", "typically", "halts",
    )  # fmt: skip
    yield claim(
        "r1.point6.neighbourhood", "reviewer 1, point 6 (our reading)",
        "U may describe the region around a global minimizer (that is, around one other than W = 0)",
        "convex_nonzero_critical", CONSTANT,
    )  # fmt: skip
    yield claim(
        "r1.point7a.sufficient", "reviewer 1, point 7a",
        "strong convexity is sufficient for strong convexity restricted to gradient paths",
        "convex_paths_sufficient", "1",
    )  # fmt: skip
    yield claim(
        "r1.point7a.necessary", "reviewer 1, point 7a",
        "strong convexity is not necessary for strong convexity restricted to gradient paths (example: F(x**2 + y**2), "
        "F = (u - 1)**2/4 on u >= 1/2)",
        "convex_paths_necessary", "(u - 1)**2/4", "1/2",
    )  # fmt: skip
    yield claim(
        "r1.point7a.rates", "reviewer 1, point 7a",
        "strong convexity along gradient paths, theta, still gives a rate of convergence (gradient flow: |grad f|**2 "
        "falls at least like exp(-2 theta t))",
        "convex_rate", "2",
    )  # fmt: skip
    yield claim(
        "r1.point7b.coercive", "reviewer 1, point 7b",
        "with weight decay lambda > 0 the loss is coercive, so a finite global minimizer exists",
        "convex_coercive", "1",
    )  # fmt: skip
    yield claim(
        "r1.point7b.without", "reviewer 1, point 7b (our question)",
        "without weight decay, lambda = 0, the loss is coercive too", "convex_coercive", "0",
    )  # fmt: skip
    yield claim(
        "r1.point9.degree", "reviewer 1, point 9",
        "y(a_i, W) is locally a polynomial in the weights of degree at most 1 in each", "convex_degree", "1",
    )  # fmt: skip
    yield claim(
        "r1.point9.example", "reviewer 1, point 9",
        "xy + xyz has degree at most 1 in each variable: differentiated twice by the same one it gives 0",
        "convex_degree_of", "x*y + x*y*z",
    )  # fmt: skip
    yield claim(
        "r1.point11.existence", "reviewer 1, point 11",
        "the lemma needs no critical point to exist; its existence could be guaranteed by Lemma 4", "convex_open",
        f"which lemma is meant, and what it says, {_BODY}",
    )  # fmt: skip


def _second_reviewer() -> Iterator[Claim]:
    place = "reviewer 2"
    yield claim(
        "r2.non-convex", place,
        "with f = 0, H = 1, n_1 = 2, lambda = 1 and points in [-1, 1] the problem is non-convex, trivial as the "
        "target is",
        "convex_non_convex", "0",
    )  # fmt: skip
    yield claim(
        "r2.share", place,
        "in 100 trials (6) is satisfied for some theta for 51.6% +- 24.0% of the loss change over training",
        "convex_measured", "51.6 +- 24.0", "share",
    )  # fmt: skip
    yield claim(
        "r2.metric", place, "the share of the loss change over which (6) is satisfied is defined in the paper",
        "convex_open",
        f"{_BODY}; the reconstruction: the decrease over steps that start inside, over the whole decrease",
    )  # fmt: skip
    yield claim(
        "r2.enters", place, "gradient descent (gradient flow) does enter U(lambda, theta) in that experiment",
        "convex_enters", CONSTANT,
    )  # fmt: skip
    yield claim(
        "r2.only-after", place, "in that experiment gradient descent enters U(lambda, theta) only after some descent",
        "convex_measured", "only after some descent", "starts",
    )  # fmt: skip
    yield claim(
        "r2.simpler", place, "this experiment (H = 1) is simpler than the simplest tested before, which had H >= 2",
        "convex_open", _BODY,
    )  # fmt: skip


def _third_reviewer() -> Iterator[Claim]:
    place = "reviewer 3"
    yield claim(
        "r3.batch-norm", place,
        "batch normalization helped the descent enter the piecewise strongly convex regime much sooner",
        "convex_measured", "much sooner (MNIST without it against CIFAR with it, which differ in more)", "batch norm",
    )  # fmt: skip
    yield claim(
        "r3.conjecture", place, "batch normalization convexifies the loss function (a possible conjecture)",
        "convex_open", "a conjecture, stated as one; r3.batch-norm measures one instance",
    )  # fmt: skip
    yield claim(
        "ours.symmetric-minima", "our question",
        "the bound's population version holds at the symmetric minima of the main paper's loss, regularised",
        "convex_symmetric", "1",
    )  # fmt: skip
