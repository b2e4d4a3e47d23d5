"""Decide the claims of the papers and keep the verdicts in claims.json, from which the page of claims is made.

python manual/claims.py               every claim that is new or reads differently now
python manual/claims.py --all         every claim (some minutes)
python manual/claims.py theorem1      every claim of one group, or of several
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from symrelu.claims.claim import Claim, Context
from symrelu.claims.decide import claims_of, decide, groups

FILE = Path(__file__).with_name("claims.json")
Verdicts = dict[str, list[dict[str, str]]]


def as_said(claim: Claim) -> dict[str, str]:
    """What the page repeats of a claim."""
    return {"id": claim.id, "source": claim.source, "statement": claim.statement}


def read() -> Verdicts:
    """The verdicts kept, by group."""
    kept: Verdicts = json.loads(FILE.read_text(encoding="utf-8"))["groups"] if FILE.exists() else {}
    return kept


def write(verdicts: Verdicts) -> None:
    """Keep them."""
    data = {"made_by": "python manual/claims.py", "groups": verdicts}
    FILE.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def renew(names: list[str]) -> Verdicts:
    """The verdicts with those on new and changed claims, and on all claims of the groups named, made anew. They are
    kept group by group, so that a run that is ended loses one group.
    """
    context, verdicts = Context(), read()
    for group in groups():
        kept = {v["id"]: v for v in verdicts.get(group, [])} if group not in names else {}
        renewed = []
        for claim in claims_of(group):
            old = kept.get(claim.id)
            if old is None or as_said(claim).items() - old.items():
                print(f"deciding {claim.id}", file=sys.stderr, flush=True)
                old = decide(claim, context).to_json()
            renewed.append(old)
        verdicts[group] = renewed
        write(verdicts)
    verdicts = {group: verdicts[group] for group in groups()}
    write(verdicts)
    return verdicts


if __name__ == "__main__":
    words = sys.argv[1:]
    named = list(groups()) if "--all" in words else words
    if set(named) - set(groups()):
        sys.exit(f"claims.py: the groups are {', '.join(groups())}; {' '.join(words)} was given")
    decided = renew(named)
    print({group: len(verdicts) for group, verdicts in decided.items()})
