"""The paragraphs of the four texts in their order, each by its first words, with the ids of the claims it makes.

A line is ``first words => ids``, ``first words => ids -- remark``, or ``first words -- remark`` where nothing can be
checked; ``# title`` begins a section. Ids may be patterns (``theorem1.*.minimum``); every claim stands in one line,
that of the paragraph which makes it first or in full. Displayed formulas and lines that go on after them belong to the
paragraph before. A line that begins with blanks goes on the line before.
"""

from __future__ import annotations

MAIN = r"""
# Abstract
We study the optimization problem associated with => main.abstract.coincide main.fractional -- the losses: Theorem
    1; Theta(d) eigenvalues: main.outliers in section 3; fractional dimensions: main.fractional
One of the outstanding conundrums -- background and motivation; no statement about problem (2)
In this paper, we focus on two-layer ReLU neural networks => main.nonconvex main.realizable main.realizable.fewer --
    definitions of the network and of problem (2), in which alpha_i in R^k is a misprint for alpha in R^k; what it
    shares with full-scale networks: main.low-dimensional, main.skewed
Learning problem (2) has also been studied -- history, and judgements on other works

# Contributions and figure 1
Our contributions, in order of appearance -- announces the list below
- We demonstrate that, empirically, => main.first-to-notice main.outliers main.outliers.exactly -- the list
    repeats: symmetry breaking (section 1), series (Theorem 1, in d; in k: main.padding), spectra (Theorem 2, section 3)
The results presented in the paper are threefold -- the plan of the paper
Figure 1: (Left) Our symmetry-based technique => main.figure-1.* -- that spectra agree: main.abstract.coincide;
    that they are skewed, with outliers: main.skewed, main.outliers

# 1 Symmetry breaking in two-layer ReLU neural networks
Optimization problem (2) exhibits a very rich symmetry structure => main.invariance main.invariance.repaired
It is therefore natural to ask how the critical points => main.isotropy-of-identity main.global-minimizers
    main.isotropy.rescaled
Thus, we have $\text{Iso}(I_d) = \Delta S_d$ => main.symmetry-breaking.saddles -- that I_d has isotropy Delta S_d:
    main.isotropy-of-identity; that isotropy groups are subgroups: main.symmetry-breaking
**Spurious minima *break the symmetry* of global minima.** => main.symmetry-breaking
    main.symmetry-breaking.exactly
The principle extends to more general target networks => main.symmetry-breaking.targets
    main.symmetry-breaking.experiments
Figure 2: A schematic description of => main.figure-2
The principle of symmetry breaking for ReLU networks was first studied -- history; that it holds for tensors is
    main.tensors
One intriguing quality of nonconvex landscapes => main.low-dimensional main.low-dimensional.real-data

# 2 Power series representation of families of spurious minima
Although the problem of fitting neural networks under the ST framework -- history, and the limits of other methods
Other common approaches for analyzing problem (2) => main.other-approaches
In sharp contrast to the approaches discussed above => main.abstract.finite-d
Below, we provide analytic expressions for families => main.appendix-terms main.appendix-terms.*
    theorem1.rescaling -- the text goes on below a page break
**Theorem 1.** => theorem1.*.exists theorem1.*.minimum -- of every case
1. *Two families of $\Delta S_d$ -minima => theorem1.1?.isotropy theorem1.1?.multiplicity
- (a) $a_1 = 1$ and $a_2 = 0$ => theorem1.1a.entries.* theorem1.1a.loss theorem1.1a.global
- (b) $a_1 = -1 => theorem1.1b.entries.* theorem1.1b.loss
2. *Two families of => theorem1.2?.isotropy theorem1.2?.multiplicity
- (a) $a_1 = 1 => theorem1.2a.entries.* theorem1.2a.loss
- (b) $a_1 = -1 => theorem1.2b.entries.* theorem1.2b.loss
3. *Two families of => theorem1.3?.isotropy theorem1.3?.multiplicity theorem1.3?.display
- (a) $a_1 = 1 => theorem1.3a.entries.* theorem1.3a.loss
(b) $a_1 = -1 => theorem1.3b.entries.* theorem1.3b.loss
4. One family of => theorem1.4.isotropy theorem1.4.multiplicity theorem1.4.display theorem1.4.entries.*
    theorem1.4.loss main.one-family
The idea of the proof of [Theorem 1](#) => main.other-targets main.padding main.padding.*
    main.more-neurons.tools
The analysis above reveals that not all local minima => theorem1.*.limit theorem1.*.spurious
    theorem1.*.spurious-from-9 main.diagonal
For reasons which are yet to be understood => main.xavier main.expected-loss main.rates main.multiplicity-proxy

# 3 Analytic study of the Hessian spectrum
Once a power series representation has been obtained -- announces Theorem 2
**Theorem 2.** => theorem2.*.nonnegative theorem2.*.nonnegative-from-9 theorem2.second-layer-fixed
    main.second-layer
<i>Eigenvalue</i> => theorem2.*.zero theorem2.*.antisymmetric theorem2.*.half theorem2.*.quarter
    theorem2.*.symmetric theorem2.*.rows theorem2.*.first theorem2.*.second theorem2.*.total -- one line of the
    table each, for each family
The method we developed for computing the Hessian spectrum => main.saddles-at-small-d main.annihilation
    main.annihilation.all -- that the decomposition covers both layers: theorem2.*.total; that eigenvalues can be
    expressed directly, to any order: every spectrum of this program; fractional dimensions: main.fractional
Quite remarkably, although families of minima => main.skewed -- that spectra coincide: main.abstract.coincide
**Positively-skewed Hessian spectral density.** => main.skewed.first main.skewed.observed -- linear growth:
    main.outliers
Due to the high computational cost => main.cubic-cost -- that it holds for every d >= 9: main.abstract.finite-d
**The flat minima conjecture and implicit bias.** => main.flat-minima main.flat-minima.rescaling
    main.flat-minima.exactly main.flat-minima.generalize main.generalization

# 4 A symmetry-based analytic framework
In the sequel, we present the main ingredients -- a convention: f(W) = L(W, 1)

# 4.1 Power series representation of minima
The first step in deriving a power series representation -- a definition, equation (10)
It is easy to verify that $\mathcal{W}_d$ => main.fixed-space main.fixed-space.values
    main.gradient.definition theorem1.gradient.* main.implicit-function
We are left with the following two issues. => main.simple-limits main.initial-values main.half-powers
    main.half-powers.reason -- that coefficients can be had to any order: every series of this program

# 4.2 Computing the Hessian spectrum
Our next goal is to derive an analytic characterization => main.fixed-number -- the size k(d + 1): theorem2.*.total
The isotypic decomposition associated with => theorem2.vector main.eigenvector theorem2.display
    theorem2.display.product theorem2.display.repaired main.display.angle -- what the series give in it:
    theorem2.1?.symmetric; 'in detail in Section 4.2' refers to itself

# 5 Conclusion
When present, the principle of symmetry breaking => main.tensors
An intriguing finding allowed by the principle => main.multiplicity.exponential main.escape main.continuous-k
    main.continuous-k.threshold -- that spectra are identical to O(d**(-1/2)): main.abstract.coincide

# Acknowledgements
Part of this work was completed -- thanks
"""

PREDECESSOR = r"""
# All reviewers
We thank all the reviewers -- thanks, and a choice of presentation
Other choices of distributions, activation functions => predecessor.other-spectra predecessor.bias
    predecessor.second-layer
The extension of the methods and results to multi-layers => predecessor.multi-layers predecessor.robust
    predecessor.robust.spectrum predecessor.robust.how-far

# Reviewer 1
Reviewer #1 Classification w.r.t number of classes. => predecessor.dominating.fixed predecessor.dominating.linear
    predecessor.classes
35. The assumption that the distribution is orthogonally => predecessor.invariants.*
69. A fair request => predecessor.estimates predecessor.toy-model
192. Symmetry properties of the => predecessor.hessian.isotropy predecessor.hessian.orbit

# Reviewer 2
Reviewer #2 We directly address => predecessor.generalization
Hessian at random weights. => predecessor.random-weights
Generalization and Training loss. => predecessor.training-loss.*

# Reviewer 3
Reviewer #3 1. The hessian of the objective function => predecessor.hessian.size
The objective function is real analytic => predecessor.analytic predecessor.analytic.minima predecessor.power-series
2. For the single neuron case => predecessor.one-neuron.* predecessor.under-the-integral
    predecessor.under-the-integral.one predecessor.explicit-hessian
Some of the main implications => predecessor.condition-number predecessor.skewed predecessor.skewed.challenge
2. Stability arguments imply => predecessor.clusters predecessor.clusters.drive predecessor.appendix-f1
3. In terms of dynamical accessibility => predecessor.accessible

# Reviewer 4
Reviewer #4 The issue of which local minima appear => predecessor.types-A-I predecessor.mix
Non-fixed second layer. -- refers to the second paragraph: predecessor.second-layer
"""

CONVEXITY = r"""
# Reviewer 1
Response to Reviewer 1: Thank you -- thanks
First, our results are not subsumed => convexity.r1.reference-1
These two properties do not imply convexity => convexity.r1.example.*
Our results, on the other hand => convexity.r1.stronger convexity.r1.strong convexity.r1.strong.*
They also hold for any network architecture => convexity.r1.architecture.* -- what other works assume is not decided
Conversely, the results of [1] hold => convexity.r1.all-of-weight-space convexity.r1.proper-subset
    convexity.r1.lemma4 convexity.r1.lemma4.nonzero
The connection between our work and [3] => convexity.r1.gram convexity.r1.gram.zero-error

# Reviewer 1, numbered points
Our responses to your technical comments -- a convention
1. The results of [2] hold => convexity.r1.point1.*
2. You’ve misunderstood our derivation => convexity.r1.point2.*
3. Here we are referring => convexity.r1.point3.*
4. If the training data => convexity.r1.point4.*
5. Lemmas 5 and 6 => convexity.r1.point5.*
6. The training process typically halts => convexity.r1.point6.*
7a. These are distinct but related concepts. => convexity.r1.point7a.*
7b. Note that we use weight decay => convexity.r1.point7b.*
9. As we mention => convexity.r1.point9.*
11. You are correct => convexity.r1.point11.*

# Reviewer 2
Response to Reviewer 2: Thank you => convexity.r2.* -- the experiment

# Reviewer 3
Response to Reviewer 3: We are grateful -- thanks; that the assumptions are realistic is an opinion
In terms of using our results to explain => convexity.r3.*

# Beyond the text
-- => convexity.ours.* -- our own question, which joins this text to the main paper
"""
