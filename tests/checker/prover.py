"""A make-shift prover: certificates for tests, from exact series and Newton's method in high precision.

Slow and simple, and not trusted: what it writes is only good if the checker accepts it. Boxes and step sizes are found
by trial with the checker's own parts.
"""

import json
from fractions import Fraction
from functools import lru_cache

from flint import arb, arb_mat, ctx, fmpq

import symrelu
from symrelu.checker import middle as m
from symrelu.checker import tail as tl
from symrelu.checker.certificate import NAMED, read
from symrelu.checker.linear import Rejected, applied, defect, image, preconditioner, scaling
from symrelu.checker.spectrum import Place
from symrelu.checker.taylor import Domain, NoEnclosure, ball
from symrelu.checker.young import Young


@lru_cache
def series(name, order):
    """Blocks, signs and exact coefficients (as text) of t**0 .. t**order."""
    family = symrelu.family(name)
    data = json.loads(json.dumps(family.series(order).to_json()))
    blocks = data["isotropy"]["blocks"]
    rows = list(data["entries"].values())
    rows = [row + ["0"] * (order + 1 - len(row)) for row in rows]
    return blocks, rows


def dyadic(x, bits=80):
    """A rational number or the midpoint of a ball as text, rounded to about 80 bits."""
    if isinstance(x, arb):
        man, exp = x.mid().man_exp()
        x = Fraction(int(man)) * Fraction(2) ** int(exp)
    if x == 0:
        return "0"
    scale = bits - (abs(x.numerator).bit_length() - x.denominator.bit_length())
    return f"{round(x * Fraction(2) ** scale)}*2**{-scale}"


def value(text):
    man, _, exp = text.partition("*2**")
    return Fraction(int(man)) * Fraction(2) ** int(exp or 0)


def skeleton(name, order, extra, t_end):
    blocks, rows = series(name, order + extra - 1)
    young = Young.read(blocks)
    names = young.names
    zero = {"mid": "0", "rad": "1"}
    return {
        "format": "symrelu-certificate",
        "version": 1,
        "kernel": "relu",
        "target": "I",
        "family": {
            "name": name if name in NAMED else None,
            "blocks": blocks,
            "rows": list(range(1, len(blocks) + 1)),
            "cols": list(range(1, len(blocks) + 1)),
            "limit": {a: row[0] for a, row in zip(names, rows, strict=True)},
        },
        "statement": "for tests",
        "claim": {"from_d": "100", "d": None, "verdict": "minimum", "components": []},
        "tail": {
            "t_end": str(t_end),
            "order": order,
            "polynomial": {a: row[:order] for a, row in zip(names, rows, strict=True)},
            "series": dict(zip(names, rows, strict=True)),
            "box": dict.fromkeys(names, zero),
        },
        "middle": [],
        "point": None,
    }


def with_tail(name, t_end, order=6, extra=4, widen=1.05):
    """A certificate's tail with the remainder box that Krawczyk's test finds, or NoEnclosure / Rejected."""
    data = skeleton(name, order, extra, t_end)
    cert = read(data)
    with ctx.workprec(tl.BITS):
        tail, domain = cert.tail, Domain(Fraction(0), cert.tail.t_end, order + tl.EXTRA_TERMS[0])
        sizes = [domain.model([tl._number(s.slope), None, tl._number(s.constant)], -2) for s in cert.young.sizes]
        place = Place(cert.young, cert.signs, domain, sizes)
        known = [tl._balls(row) for row in tail.series]
        jac = place.jacobian([domain.model(row) for row in known])
        u, v = scaling([[None if f.is_zero else f.v for f in row] for row in jac])
        powers = [order - s for s in v]
        base = [row[:g] for row, g in zip(known, powers, strict=True)]
        needed = [s + order for s in u]
        res = [
            tl._known_to_vanish(f, k)
            for f, k in zip(place.gradient([domain.model(r) for r in base]), needed, strict=True)
        ]
        y = preconditioner(tl._scaled(place.jacobian([domain.model(r) for r in base]), u, v))
        eta = tl._contract(place, base, powers, y, applied(y, res), (u, v))
        tube = tl._tube(domain, base, powers, eta)
        for k, f in enumerate(tube):
            shifted = domain.model(f.c[order - f.v :]) if f.v < order else f.shifted(-order)
            r = shifted.range()
            mid = dyadic(r)
            rad = Fraction(str(float((r - ball(value(mid))).abs_upper()))) * Fraction(str(widen))
            data["tail"]["box"][f"a_{k + 1}"] = {"mid": mid, "rad": dyadic(rad)}
    return data


def solve(cert, d, start):
    """The critical point near start, in 200 bits."""
    place = m.place_at(cert, d)
    x = list(start)
    for _ in range(30):
        models = [place.domain.constant(c) for c in x]
        step = applied(preconditioner(place.jacobian(models)), place.gradient(models))
        x = [(c - s).mid() for c, s in zip(x, step, strict=True)]
        if max(float(s.abs_upper()) for s in step) < 1e-45:
            return x
    raise NoEnclosure("Newton's method does not converge")


def with_middle(data, down_to, degree=9, width=Fraction(1, 25), index=True):
    """The middle pieces down to d = down_to, appended one by one; stops with Rejected where a step gets too small."""
    cert = read(data)
    names = cert.young.names
    goal = _root_above(1 / down_to)
    components = cert.young.components() if index else []
    while True:
        cert = read(data)
        last = cert.middle[-1] if cert.middle else None
        t0 = last.t_to if last else cert.tail.t_end
        if t0 >= goal:
            return data
        t1 = min(t0 + width, goal)
        piece = None
        with ctx.workprec(200):
            around = m.middle_at(last, ball(t0)) if last else m.tail_at(cert.tail, ball(t0))
            start = [center for center, _ in around]
            try:
                piece = _piece(cert, names, t0, t1, [s.mid() for s in start], degree)
                data["middle"].append(piece)
                m.check_middle(read(data), len(data["middle"]) - 1, components)
                width = width * Fraction(5, 4)
                continue
            except (NoEnclosure, Rejected, ZeroDivisionError) as error:
                if piece and data["middle"] and data["middle"][-1] is piece:
                    data["middle"].pop()
                width = (t1 - t0) / 2
                if width < Fraction(1, 5000):
                    raise Rejected(f"stuck at t = {float(t0)}: {error}") from None


def _root_above(x):
    """A short rational t with t**2 >= x."""
    t = Fraction(int(float(x) ** 0.5 * 10**7), 10**7)
    while t * t < x:
        t += Fraction(1, 10**7)
    return t


def _piece(cert, names, t0, t1, start, degree):
    center, half = (t0 + t1) / 2, (t1 - t0) / 2
    ts = [
        center + half * Fraction(round(1000 * float((arb.pi() * (2 * j + 1) / (2 * degree + 2)).cos())), 1000)
        for j in range(degree + 1)
    ]
    points, x = {}, start
    for t in sorted(ts):
        x = solve(cert, 1 / t**2, x)
        points[t] = x
    vander = arb_mat([[ball(((t - center) / half) ** k) for k in range(degree + 1)] for t in ts])
    coefficients = vander.inv() * arb_mat([points[t] for t in ts])
    poly = {
        a: [
            dyadic(
                Fraction(int(coefficients[k, i].mid().man_exp()[0]))
                * Fraction(2) ** int(coefficients[k, i].mid().man_exp()[1])
                / half**k
            )
            for k in range(degree + 1)
        ]
        for i, a in enumerate(names)
    }
    piece = {
        "t_from": str(t0),
        "t_to": str(t1),
        "center": str(center),
        "polynomial": poly,
        "box": dict.fromkeys(names, "0"),
    }
    rows = [[value(c) for c in poly[a]] for a in names]
    with ctx.workprec(m.BITS):
        domain = Domain(t0 - center, t1 - center, degree + 1 + m.EXTRA_TERMS[0])
        t = domain.model([ball(center), arb(1)])
        sizes = [
            1 / (t * t) * s.slope + s.constant if s.slope else domain.constant(s.constant) for s in cert.young.sizes
        ]
        place = Place(cert.young, cert.signs, domain, sizes)
        base = [[m._entry(c) for c in row] for row in rows]
        models = [domain.model(row) for row in base]
        y = preconditioner(place.jacobian(models))
        step = applied(y, place.gradient(models))
        box = [(s.abs_upper() * 2 + arb(2) ** -80) * arb(0, 1) for s in step]
        for _ in range(6):
            tube = [m._widened(domain, row, b) for row, b in zip(base, box, strict=True)]
            jac = place.jacobian(tube)
            y = preconditioner(jac)
            new = image(step, defect(y, jac), box)
            if all(b.contains_interior(n) for b, n in zip(box, new, strict=True)):
                break
            box = [
                max(b.abs_upper(), n.abs_upper() * 1.3, key=float) * arb(0, 1) for b, n in zip(box, new, strict=True)
            ]
        else:
            raise NoEnclosure("no box found")
    piece["box"] = {
        a: dyadic(Fraction(float(b.abs_upper())) * Fraction(11, 10)) for a, b in zip(names, box, strict=True)
    }
    return piece


def with_claim(data, from_d, negative=None, verdict=None):
    """The claim for all real d >= from_d, with counts (0 where not given)."""
    negative = negative or {}
    young = Young.read(data["family"]["blocks"])
    from symrelu.checker.young import directions

    data["claim"] = {
        "from_d": str(from_d),
        "d": None,
        "verdict": verdict or ("saddle" if any(negative.values()) else "minimum"),
        "components": [
            {"component": c.name, "size": len(directions(young, c)), "negative": negative.get(c.name, 0)}
            for c in young.components()
        ],
    }
    return data


def with_point(data, d, negative=None, rad=Fraction(1, 10**12)):
    """Turns a certificate whose pieces reach d into a claim at that d alone."""
    from symrelu.checker.young import directions

    cert = read(data)
    d = Fraction(d)
    with ctx.workprec(200):
        t = 1 / arb(fmpq(d.numerator, d.denominator)).sqrt()
        at = m.middle_at(cert.middle[-1], t) if cert.middle else m.tail_at(cert.tail, t)
        x = solve(cert, d, [a.mid() for a, _ in at])
        names = cert.young.names
        data["point"] = {
            "d": str(d),
            "mid": {a: dyadic(v) for a, v in zip(names, x, strict=True)},
            "rad": dict.fromkeys(names, dyadic(rad)),
        }
    negative = negative or {}
    data["claim"] = {
        "from_d": None,
        "d": str(d),
        "verdict": "saddle" if any(negative.values()) else "minimum",
        "components": [
            {"component": c.name, "size": len(directions(cert.young, c)), "negative": negative.get(c.name, 0)}
            for c in cert.young.components(d)
        ],
    }
    return data
