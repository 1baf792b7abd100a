"""Draw all models of a folder, to be looked at: ``python -m tests.diagrams.corpus MODELS OUT``."""

import sys
import time
from pathlib import Path

from app.diagrams import draw, read
from app.errors import EngineError


def main(models, out):
    """Write a picture for each model that has a layout; say how many have none."""
    out.mkdir(parents=True, exist_ok=True)
    plain, unreadable, slowest, drawn = [], [], (0.0, ""), 0
    for path in sorted(models.rglob("*.bpmn")):
        started = time.perf_counter()
        try:
            layout = read(path.name, path.read_bytes())
        except EngineError as error:
            unreadable.append(f"{path.name}: {error}")
            continue
        if layout is None:
            plain.append(path.name)
            continue
        text = draw(layout, title=path.stem)
        slowest = max(slowest, (time.perf_counter() - started, path.name))
        drawn += 1
        if layout.left_out:
            print(f"{path.name}: {layout.left_out} elements have no usable place")
        (out / f"{path.stem}.svg").write_text(text)
    print(f"{drawn} drawn, {len(plain)} without a layout, {len(unreadable)} unreadable")
    print(*unreadable, sep="\n")
    print(f"the slowest: {slowest[1]}, {slowest[0] * 1000:.0f} ms")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
