"""The paragraphs of Pennington & Bahri in their order, as in :mod:`symrelu.claims.inventory_text`."""

from __future__ import annotations

FREEPROB = r"""
# Abstract
Understanding the geometry of neural network loss surfaces => freeprob.abstract.* -- the fit of the energy of
    minimizers: freeprob.sec6.4.figure-6b

# 1 Introduction
Neural networks have witnessed a resurgence => freeprob.sec1.nonconvex -- the rest is background

# 1.1 Related work
There is no shortage of prior work => freeprob.sec1.1.*

# 1.2 Our contributions
One shortcoming of prior theoretical results -- a judgement on other works
Our bottom-up construction assembles => freeprob.sec1.2.architectures freeprob.sec1.2.three-halves
<sup>1</sup>Google Brain. -- an address

# 2 Preliminaries
Let $W^{(1)} \in => freeprob.eq1 freeprob.eq2
The Hessian matrix is the matrix of second derivatives => freeprob.eq3 freeprob.eq4
We will almost exclusively consider square networks => freeprob.sec2.phi freeprob.sec2.rank -- that n and m are of
    the same order in practice is not decided
<sup>1</sup>Although we additionally assume => freeprob.sec1.2.independence
We will be making a variety of assumptions -- announces the assumptions
1. The matrices $H_0$ and $H_1$ => freeprob.sec2.gradient freeprob.sec2.gradient.proportional -- the assumptions are
    examined in section 5
We note that normality may not be strictly necessary. -- measured in section 5: freeprob.sec5.1.universality

# 3 Primer on Random Matrix Theory
In this section we highlight a selection -- announces the section

# 3.1 Random matrix ensembles
The theory of random matrices => freeprob.eq5 -- the two ensembles are definitions
<sup>2</sup>In our context of squared error -- a convention; it enters freeprob.sec2.phi
For a matrix $M$ of the real Wigner matrix ensemble => freeprob.eq6 freeprob.eq6.*
Similarly, if $M = XX^T$ is a real Wishart matrix => freeprob.eq7 freeprob.eq7.* freeprob.eq8 freeprob.eq8.*
The Wishart matrix $M$ is low rank => freeprob.sec3.1.*

# 3.2 Free probability theory
Suppose $A$ and $B$ are two random matrices. => freeprob.sec3.2.exactly-when freeprob.eq9 freeprob.eq10
Notice that when $k = 1$ => freeprob.eq9.one-pair -- that eigenspaces are in generic position is an intuition

# 3.2.1 The Stieltjes transform
For $z \in \mathbb{C} \setminus \mathbb{R}$ => freeprob.eq11 freeprob.eq12

# 3.2.2 The R transform
Given the Stieltjes transform $G$ => freeprob.eq13
The benefit of the $\mathcal{R}$ transform => freeprob.eq14 freeprob.sec3.2.fourier
The prescription for computing the spectrum => freeprob.sec3.2.prescription

# 4 Warm Up: Wishart plus Wigner
Having established some basic tools => freeprob.sec4.wishart -- that J and H1 are i.i.d. is an assumption, examined in
    freeprob.sec5.3.1.substructure

# 4.1 Spectral distribution
We now turn our attention to the spectral distribution => freeprob.eq15 freeprob.eq15.* freeprob.eq16.*
Figure 1. Spectral distributions => freeprob.sec4.1.figure-1 -- negative eigenvalues: freeprob.sec4.1.gap-closes
We proceed by computing the $\mathcal{R}$ transform => freeprob.eq17 freeprob.eq17.* freeprob.eq18
The correct root of this equation => freeprob.sec4.1.correct-root freeprob.sec4.1.small-energy freeprob.sec4.1.gap
    freeprob.sec4.1.gap-closes freeprob.sec4.1.large-energy-semicircle

# 4.2 Normalized index
Because it measures the number of descent directions => freeprob.sec4.2.grows freeprob.eq19 freeprob.eq19.*
Given that the spectral density is defined implicitly -- goes on after the footnote
<sup>3</sup>Here we ignore degenerate => freeprob.sec4.2.closed-form freeprob.sec4.2.supplement freeprob.eq20
    freeprob.eq20.* freeprob.eq21 freeprob.eq21.* freeprob.sec4.2.real-roots freeprob.sec4.2.discriminant
    freeprob.eq22 -- and the text around (20) to (22), which goes on below the footnote
The $3/2$ scaling in eqn. (20) => freeprob.sec4.2.semicircle freeprob.sec4.2.bray-dean -- that it persists:
    freeprob.eq31, freeprob.sec6.4.figure-6a

# 5.1 Universality
There is a wealth of literature => freeprob.sec5.1.tao-vu freeprob.sec5.1.aggarwal freeprob.sec5.1.universality
Figure 2. Testing the validity -- measured in section 5.2.1
On the other hand, most universality results => freeprob.sec5.1.only-in-the-limit freeprob.sec5.1.finite-size
    freeprob.sec5.1.larger-systems

# 5.2 Primary assumptions
In sec. 2 we introduced a number of assumptions -- announces the section

# 5.2.1 Free independence of H0 and H1
Our use of free probability relies => freeprob.sec5.2.1.*

# 5.2.2 Residuals are i.i.d. random normal
First, we note that $e_{i\mu} => freeprob.sec5.2.2.* freeprob.eq2.energy -- the gradient: freeprob.sec2.gradient

# 5.2.3 Data are i.i.d. random normal
This assumption is almost never strictly satisfied => freeprob.sec5.2.3.data

# 5.2.4 Weights are i.i.d. random normal
Although the i.i.d. assumption is clearly violated => freeprob.sec5.2.4.*

# 5.3 Secondary assumptions
In sec. 4 we introduced two assumptions -- announces the section, which has one heading: on J and on H1

# 5.3.1 J and H1 are i.i.d. random normal
Given that $J$ and $H_1$ are constructed => freeprob.sec5.3.1.substructure

# 6 Beyond the Simple Case
In sec. 4 we illustrated our techniques -- announces the section

# 6.1 Product Wishart distribution and H1
In the single-hidden-layer ReLU case => freeprob.sec6.1.blocks freeprob.eq23
Here it is understood that the matrix $H_{12}$ => freeprob.eq24
We are interested in the situation => freeprob.sec6.1.mask freeprob.sec6.1.display
    freeprob.sec6.1.display.spectrum
Owing to the block off-diagonal structure => freeprob.sec6.1.squares freeprob.eq25 freeprob.eq25.spectrum
The Kronecker product gives an $n$ -fold degeneracy => freeprob.eq25.degeneracy freeprob.eq25.degeneracy.network
    freeprob.eq26
It follows that the spectral density of $H_1$ => freeprob.eq27
Notice that $M$ is a Wishart matrix => freeprob.sec6.1.product freeprob.sec6.1.cavity freeprob.eq28
Figure 3. Spectrum of $H_1$ at initialization => freeprob.sec6.1.figure-3.energy freeprob.sec6.1.figure-3
See fig. 3 for a comparison -- measured with figure 3

# 6.2 H0 and the Wishart assumption
Unlike the situation for $H_1$ => freeprob.sec6.2.known-laws freeprob.sec6.2.in-principle freeprob.sec6.2.kronecker
    freeprob.sec6.2.smallest
The empirical spectral density of $H_0$ => freeprob.sec6.2.figure-4 freeprob.sec6.2.figure-5
<sup>4</sup>As the derivation requires -- a remark on the experiment of figure 3
Figure 4. The spectrum of $H_0$ => freeprob.sec6.2.null-directions freeprob.sec6.2.inset

# 6.3 Improved approximation to the Hessian
The above analysis motivates us => freeprob.eq29 freeprob.sec6.3.first-term freeprob.eq30
Using the same techniques as in sec. 4 => freeprob.sec6.3.same-techniques freeprob.eq31 freeprob.eq31.absolute
Compared with eqn. (20) => freeprob.eq31.coefficient freeprob.eq32 freeprob.eq32.domain
Figure 5. Evolution of the $H_0$ spectral gap -- measured in section 6.2: freeprob.sec6.2.figure-5
Despite the apparent pole at $\phi = 1$ => freeprob.eq32.pole freeprob.eq33
Curiously, for $\sigma = 1/2$ => freeprob.sec6.3.sigma-half freeprob.sec6.3.sigma-half.precisely
    freeprob.sec6.3.H0-governs freeprob.sec6.3.saturation freeprob.sec6.3.natural-sigma

# 6.4 Empirical distribution of critical points
We conduct large-scale experiments => freeprob.sec6.4.robust -- otherwise a description of the experiment
We adopt the following heuristic => freeprob.sec6.4.squared-gradient
Figure 6. Empirical observations => freeprob.sec6.4.figure-6a freeprob.sec6.4.figure-6b
We discard any run -- a description of the experiment
We consider relatively small networks -- a description of the experiment; its agreement: freeprob.sec6.4.figure-6a
As a byproduct of our experiments => freeprob.sec6.4.models-and-fit freeprob.sec6.4.linear
    freeprob.sec6.4.linear.repaired freeprob.sec6.4.advani-ganguli freeprob.sec6.4.phi-zero freeprob.sec6.4.phi-one
    freeprob.sec6.4.phi-one.stores freeprob.sec6.4.better freeprob.sec6.4.information

# 7 Conclusions
We introduced a new analytical framework => freeprob.sec7.beyond-GOE
We derived explicit predictions => freeprob.sec7.universal -- the rest repeats sections 4 and 6.4

# Acknowledgements
We thank Dylan J. Foster -- thanks
"""
