"""Codes of the model layer: what names mean, index sets, supports, and how models build on each other."""

from __future__ import annotations

from hiercomp.codes.info import CodeInfo

ROWS: tuple[CodeInfo, ...] = (
    CodeInfo(
        "H100",
        "study with a statement that makes no data",
        "Below a line `study` stand statements about data: `~` draws, `=` computes. Its own forms are `llm_j = "
        "crossed(6)` for a factor (factors of one index are crossed), `cell_m = each(j, 20)` for units in every cell, "
        "and `choices_m ~ Subset(R, 2, 4)` for sets drawn without replacement.",
        "y_m ~ Normal(mu[cell[m]], 1)\nmu_j ~ Normal(0, 1)\nstudy\n  arm_j = crossed(2 * 3)\n  cell_m = each(j, 20)\n",
        "y_m ~ Normal(mu[cell[m]], 1)\nmu_j ~ Normal(0, 1)\nstudy\n  arm_j = crossed(6)\n  cell_m = each(j, 20)\n",
    ),
    CodeInfo(
        "H101",
        "study that cannot be drawn",
        "The statements of a study may stand in any order, but each has to follow from others: none may need itself, "
        "numbers have to be given, and for every index something has to say how many units there are.",
        "y_m ~ Normal(x_m, s)\ns ~ Half-Normal(1)\nstudy\n  x_m ~ Normal(z_m, 1) for m in 1..9\n"
        "  z_m ~ Normal(x_m, 1) for m in 1..9\n",
        "y_m ~ Normal(x_m, s)\ns ~ Half-Normal(1)\nstudy\n  x_m ~ Normal(z_m, 1) for m in 1..9\n"
        "  z_m ~ Normal(0, 1) for m in 1..9\n",
    ),
    CodeInfo(
        "H1",
        "name without a definition",
        "With data bound, every name that is used has to be defined in the spec or be a column of the data. A "
        "misprint is the usual reason; otherwise the column is missing, or the definition.",
        'data "specs/data/eight_schools.csv"\ny_i ~ Normal(mu, sigmma_i)\nmu ~ Normal(0, 20)\n',
        'data "specs/data/eight_schools.csv"\ny_i ~ Normal(mu, sigma_i)\nmu ~ Normal(0, 20)\n',
    ),
    CodeInfo(
        "H2",
        "unknown without a prior",
        "Every unknown needs a distribution. A flat prior is not assumed, because it may not be what was meant "
        "and may not even give a proper posterior. Write a prior, or `~ Flat()` to ask for a constant density. "
        "Without bound data a name that has no definition counts as known data instead, except in a block of a "
        "document that another block completes.",
        'data "specs/data/eight_schools.csv"\ny_i ~ Normal(mu, sigma_i)\n',
        'data "specs/data/eight_schools.csv"\ny_i ~ Normal(mu, sigma_i)\nmu ~ Normal(0, 20)\n',
    ),
    CodeInfo(
        "H3",
        "two definitions",
        "A name is defined once, or once for each of several ranges that do not overlap, and is not a column of "
        "the data as well. To change one definition of a model, write another model that `extends` it.",
        "y_i ~ Normal(mu, 1)\nmu ~ Normal(0, 20)\nmu ~ Normal(8, 5)\n",
        "y_i ~ Normal(mu, 1)\nmu ~ Normal(8, 5)\n",
    ),
    CodeInfo(
        "H4",
        "definitions that need each other",
        "What a definition uses has to be computed before it. A name may use itself only where it looks back "
        "along an index, as in `s_t = f(s_{t-1}) for t in 2..T`.",
        "y_i ~ Normal(a, 1)\na = 2 * b\nb = a + 1\n",
        "y_i ~ Normal(a, 1)\na = 2 * b\nb ~ Normal(0, 1)\n",
    ),
    CodeInfo(
        "H5",
        "index without a range",
        "An index on the right side has to stand on the left side too, where it says that the statement holds "
        "for each of its values, or in a range: `sum(x_i for i in 1..N)`. Nothing is summed over silently. And a "
        "range has to be used: `for i in 1..N` after a statement without `i` on its left would count it N times.",
        "y ~ Normal(theta_i, 1)\ntheta_i ~ Normal(0, 1)\n",
        "y ~ Normal(mean(theta), 1)\ntheta_i ~ Normal(0, 1)\n",
    ),
    CodeInfo(
        "H6",
        "ranks that differ",
        "A name has as many indices everywhere as where it is defined; leaving out the last ones means the whole "
        "row or array. Operators and functions go element by element over arrays of one rank, and a number goes "
        "with any of them; a product of whole vectors says by `·` or by indices which one it is.",
        "y_i ~ Normal(a_i, 1)\na ~ Normal(0, 1)\n",
        "y_i ~ Normal(a_i, 1)\na_i ~ Normal(0, 1)\n",
    ),
    CodeInfo(
        "H7",
        "index sets that differ",
        "Everything that an index runs along has one length. A letter means one index set in a model, unless a "
        "statement gives it a range of its own; the columns of the data along one index have the same number of "
        "values. Where text picks the members of an index set, a column beside its other data has their labels.",
        "y_i ~ Normal(a_i, 1) for i in 1..N\na_j ~ Normal(0, 1) for j in 1..J\n",
        "y_i ~ Normal(a_i, 1) for i in 1..N\na_j ~ Normal(0, 1) for j in 1..N\n",
    ),
    CodeInfo(
        "H8",
        "unknown distribution",
        "The word after `~` is not one of the catalogue, which `hiercomp catalog` prints. Case, hyphens and "
        "underscores do not matter.",
        "y_i ~ Nromal(0, 1)\n",
        "y_i ~ Normal(0, 1)\n",
    ),
    CodeInfo(
        "H9",
        "wrong arguments",
        "A distribution takes its arguments in the order of the catalogue, or by name, in one of the "
        "combinations listed there; a function takes a fixed number, without names.",
        "y_i ~ Gamma(shape = 2, spread = 3)\n",
        "y_i ~ Gamma(shape = 2, rate = 3)\n",
    ),
    CodeInfo(
        "H10",
        "argument outside its support",
        "A standard deviation is above zero, a probability between 0 and 1, and so on. Constants and columns of "
        "bound data are checked; what depends on unknowns is left to the sampler.",
        "y_i ~ Normal(0, -1)\n",
        "y_i ~ Normal(0, 1)\n",
    ),
    CodeInfo(
        "H11",
        "data that cannot be",
        "An observed value lies where its distribution has no density (a count below zero, more successes than "
        "trials), or contradicts what `where` states of it.",
        'data "specs/data/eight_schools.csv"\ny_i ~ Poisson(lambda)\nlambda ~ Gamma(2, 0.1)\n',
        'data "specs/data/eight_schools.csv"\ny_i ~ Normal(lambda, sigma_i)\nlambda ~ Gamma(2, 0.1)\n',
    ),
    CodeInfo(
        "H12",
        "discrete unknown",
        "The samplers follow gradients, so unknowns have to be continuous. A discrete quantity that was observed "
        "has to be bound to data or stated to be observed. One that was not is summed out of the density where it has "
        "few values (`Bernoulli`, `Categorical`, `Binomial`, a count `truncated to [0, 100]`) and every "
        "observation depends on one element of it.",
        "y_i ~ Normal(k, 1)\nk ~ Poisson(3)\n",
        "y_i ~ Normal(k, 1)\nk ~ Gamma(3, 1)\n",
    ),
    CodeInfo(
        "H13",
        "unknown function",
        "The word before the bracket is not a function of the language. A distribution is not a function, and a "
        "product needs its sign: `a * (b + c)`.",
        "y_i ~ Normal(lgo(mu), 1)\nmu ~ Half-Normal(0, 1)\n",
        "y_i ~ Normal(log(mu), 1)\nmu ~ Half-Normal(0, 1)\n",
    ),
    CodeInfo(
        "H14",
        "index that is also a name",
        "A word is an index everywhere in a spec or nowhere: `k` cannot be the index of `y_k` and also a "
        "quantity, or a column of the data.",
        "y_k ~ Normal(k, 1)\nk ~ Normal(0, 1)\n",
        "y_i ~ Normal(k, 1)\nk ~ Normal(0, 1)\n",
    ),
    CodeInfo(
        "H15",
        "missing column",
        "The spec states that a quantity is known or observed, and the bound data does not have it.",
        'data "specs/data/eight_schools.csv"\ny_i ~ Normal(mu, se_i) where se_i are KNOWN\nmu ~ Normal(0, 20)\n',
        'data "specs/data/eight_schools.csv"\ny_i ~ Normal(mu, sigma_i) where sigma_i are KNOWN\nmu ~ Normal(0, 20)\n',
    ),
    CodeInfo(
        "H16",
        "function that cannot be",
        "`def f(x, a) = expr` gives an expression a name: a call means the expression, with its arguments in the "
        "places of the parameters. So a function has a name of its own and no part in its own definition, its "
        "parameters are plain names, and every index in it is a parameter or has a range: what calls it cannot lend "
        "it one.",
        "def growth(t, r) = a_i * exp(r * t)\ny_i ~ Normal(growth(x_i, 2), 1)\na_i ~ Normal(0, 1)\n",
        "def growth(a, t, r) = a * exp(r * t)\ny_i ~ Normal(growth(a_i, x_i, 2), 1)\na_i ~ Normal(0, 1)\n",
    ),
    CodeInfo(
        "H17",
        "subscript out of range",
        "Members of an index set are counted from 1. Numbers, shifted letters (`y_{t-1}`) and columns of whole "
        "numbers or of labels have to pick a member that exists; a lag needs a range that starts later. What was "
        "picked in a group is its place among the members that the group lists, from 1, and the group needs members.",
        "y_t ~ Normal(y_{t-1}, 1)\n",
        "y_t ~ Normal(y_{t-1}, 1) for t in 2..T\n",
    ),
    CodeInfo(
        "H18",
        "cases that are not covered",
        "The conditions of a piecewise definition have to cover every case: the last is `otherwise` or the "
        "complement of the others. Which distribution holds, and which elements of data, of a sum or of a term of "
        "the log density count, may depend on data only; `smoothly` blends two pieces whose condition compares two "
        "quantities.",
        "y_i ~ Normal(a, 1)\na = b if b > 0\n  = 2 * b if b < 0\nb = 1\n",
        "y_i ~ Normal(a, 1)\na = b if b > 0\n  = 2 * b if b <= 0\nb = 1\n",
    ),
    CodeInfo(
        "H19",
        "half-distribution that is moved",
        "Half-Normal, Half-Cauchy and their like are the positive half of a distribution around zero. The "
        "positive part of one that lies elsewhere is a truncated distribution.",
        "y_i ~ Normal(0, tau)\ntau ~ Half-Normal(5, 2)\n",
        "y_i ~ Normal(0, tau)\ntau ~ Normal(5, 2) truncated to [0, ]\n",
    ),
    CodeInfo(
        "H20",
        "bound that would need a normaliser",
        "`where b > 0` bounds an unknown without renormalising its distribution, which changes nothing but a "
        "constant as long as the distribution and the bound do not depend on unknowns. Where they do, say "
        "`truncated to`, which renormalises.",
        "y_i ~ Normal(a, b)\na ~ Normal(0, 1)\nb ~ Normal(a, 1) where b > 0\n",
        "y_i ~ Normal(a, b)\na ~ Normal(0, 1)\nb ~ Normal(a, 1) truncated to [0, ]\n",
    ),
    CodeInfo(
        "H21",
        "word at the wrong statement",
        "`centered` and `non-centered` say how an unknown with a location and a scale is parameterised; like "
        "`truncated to` and `ordered` they belong to a distribution, not to a definition.",
        "y_i ~ Normal(theta_i, 1)\ntheta_i ~ Gamma(2, 1) non-centered\n",
        "y_i ~ Normal(theta_i, 1)\ntheta_i ~ Normal(mu, 1) non-centered\nmu ~ Normal(0, 1)\n",
    ),
    CodeInfo(
        "H22",
        "unknown model",
        "A model, or a block of a document, is named by any unique beginning of its name; hyphens and "
        "underscores are the same.",
        "model a\n  y_i ~ Normal(mu, 1)\n  mu ~ Normal(0, 1)\nmodel b extends c\n  mu ~ Normal(8, 5)\n",
        "model a\n  y_i ~ Normal(mu, 1)\n  mu ~ Normal(0, 1)\nmodel b extends a\n  mu ~ Normal(8, 5)\n",
    ),
    CodeInfo(
        "H23",
        "model that extends itself",
        "Following `extends` from model to model has to end at one that stands on its own.",
        "model a extends b\n  y_i ~ Normal(mu, 1)\nmodel b extends a\n  mu ~ Normal(0, 1)\n",
        "model a\n  y_i ~ Normal(mu, 1)\n  mu ~ Normal(0, 20)\nmodel b extends a\n  mu ~ Normal(0, 1)\n",
    ),
    CodeInfo(
        "H24",
        "letter with two ranges",
        "A range inside another one needs a letter of its own: with `x_i` in `y_i ~ Normal(sum(x_i for i in "
        "1..N), 1)` either `i` could be meant.",
        "y_i ~ Normal(sum(x_i for i in 1..N), 1)\n",
        "y_i ~ Normal(sum(x_j for j in 1..N), 1)\n",
    ),
    CodeInfo(
        "H25",
        "elements without a definition",
        "Ranges that define a name piece by piece have to cover all of its elements that are used, without a gap. "
        "Only data may have elements that are used and that no statement is about.",
        "y_t ~ Normal(s_t, 1) for t in 1..T\ns_t ~ Normal(0, 1) for t in 2..T\n",
        "y_t ~ Normal(s_t, 1) for t in 1..T\ns_1 ~ Flat()\ns_t ~ Normal(0, 1) for t in 2..T\n",
    ),
    CodeInfo(
        "H26",
        "not carried yet",
        "The language means to have this, and this version does not. The message says what can be written instead.",
        "b_{t+1} = 2\ny_t ~ Normal(b_t, 1)\n",
        "b_t = 2 for t in 1..T\ny_t ~ Normal(b_t, 1)\n",
    ),
    CodeInfo(
        "H27",
        "size that cannot be told",
        "With data bound, every index set has a known length: of data along it, or of a range that ends at a "
        "number, a constant, or a number in the data.",
        'data "specs/data/eight_schools.csv"\ny_i ~ Normal(sum(a_k for k in 1..K), sigma_i)\na_k ~ Normal(0, 1)\n',
        'data "specs/data/eight_schools.csv"\ny_i ~ Normal(sum(a_k for k in 1..3), sigma_i)\na_k ~ Normal(0, 1)\n',
    ),
    CodeInfo(
        "H28",
        "truncation that cannot be",
        "A truncated distribution keeps the part between two bounds and is renormalised. There has to be some of "
        "it between them, and the distribution has to have a distribution function.",
        "y_i ~ Normal(a, 1)\na ~ Normal(0, 1) truncated to [3, 1]\n",
        "y_i ~ Normal(a, 1)\na ~ Normal(0, 1) truncated to [1, 3]\n",
    ),
    CodeInfo(
        "H29",
        "fragment of a document",
        "A block of a document uses names that only other blocks define. It is built with one of them: `hiercomp "
        "build DOCUMENT#BLOCK --extends OTHER`, or a comment `<!-- hier: extends OTHER -->` above the block.",
    ),
    CodeInfo(
        "W1",
        "prediction",
        "A quantity has a distribution, the bound data does not have it, and nothing depends on it. It is drawn "
        "for output and has no part in the posterior. If it was observed, its column is missing.",
        'data "specs/data/eight_schools.csv"\ny_i ~ Normal(mu, sigma_i)\ny_new ~ Normal(mu, 10)\nmu ~ Normal(0, 20)\n',
        'data "specs/data/eight_schools.csv"\ny_i ~ Normal(mu, sigma_i)\nmu ~ Normal(0, 20)\n',
    ),
    CodeInfo(
        "W2",
        "jump in the density",
        "A piecewise definition changes its value abruptly where a condition on unknowns changes. Samplers that "
        "follow gradients do not see such a jump and may be biased by it; `smoothly(rate)` blends the pieces.",
        "y_i ~ Normal(a, 1)\na = b if b > 1\n  = 2 * b otherwise\nb ~ Normal(0, 1)\n",
        "y_i ~ Normal(a, 1)\na = b if b > 1\n  = 2 * b otherwise smoothly(5)\nb ~ Normal(0, 1)\n",
    ),
    CodeInfo(
        "W3",
        "argument that may leave its support",
        "An unknown that can be negative stands where only positive values have a meaning, such as a standard "
        "deviation. Wherever it is negative the density is zero, and the sampler may never start.",
        "y_i ~ Normal(0, s)\ns ~ Normal(0, 5)\n",
        "y_i ~ Normal(0, s)\ns ~ Half-Normal(0, 5)\n",
    ),
    CodeInfo(
        "W4",
        "soft constraint that is not linear",
        "A distribution of an expression adds a term to the log density. That gives the expression this "
        "distribution only where it is linear in the unknowns; elsewhere the Jacobian is missing, and is not "
        "added silently.",
        "y_i ~ Normal(a, 1)\na ~ Normal(0, 1)\na^2 ~ Normal(1, 0.1)\n",
        "y_i ~ Normal(a, 1)\na ~ Normal(0, 1)\n2 * a ~ Normal(1, 0.1)\n",
    ),
    CodeInfo(
        "N1",
        "names left out",
        "A model that extends another one replaces some definitions. What only the replaced ones used is left out.",
        "model a\n  y_i ~ Normal(mu + tau, 1)\n  mu ~ Normal(0, 1)\n  tau ~ Half-Normal(0, 1)\n"
        "model b extends a\n  y_i ~ Normal(mu, 1)\n",
        "model a\n  y_i ~ Normal(mu + tau, 1)\n  mu ~ Normal(0, 1)\n  tau ~ Half-Normal(0, 1)\n"
        "model b extends a\n  y_i ~ Normal(mu * tau, 1)\n",
    ),
    CodeInfo(
        "N2",
        "term outside of simulation",
        "`log_density +=` adds any term to the log density. It says nothing of how data come about, so draws "
        "from the model leave it out.",
        "y_i ~ Normal(mu, 1)\nmu ~ Normal(0, 1)\nlog_density += -mu^2\n",
        "y_i ~ Normal(mu, 1)\nmu ~ Normal(0, 1)\n",
    ),
    CodeInfo(
        "N3",
        "size from the largest value",
        "Nothing but a column of whole numbers says how many members an index set has; its largest value is taken.",
    ),
    CodeInfo(
        "N4",
        "labels that are not unique",
        "A column of text with the name of an index set labels its members, unless two labels are the same: then "
        "the members are numbered.",
    ),
    CodeInfo(
        "N6",
        "function that nothing calls",
        "A `def` that no statement uses has no part in any model. A misprint in a call would have been an error, so "
        "this may just be left over.",
        "def twice(x) = 2 * x\ny_i ~ Normal(mu, 1)\nmu ~ Normal(0, 1)\n",
        "def twice(x) = 2 * x\ny_i ~ Normal(twice(mu), 1)\nmu ~ Normal(0, 1)\n",
    ),
    CodeInfo(
        "N5",
        "fragment of a document",
        "A block of a document uses names that only other blocks define, and is not built alone. The note says which, "
        "and which block completes it.",
    ),
)
