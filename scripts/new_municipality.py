"""Copy the skeleton of a municipality under a name, a division code and a rule prefix."""

import argparse
import re
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
SKELETON = HOUSE / "scripts" / "skeleton"


def made(into: Path, name: str, code: str, prefix: str, label: str) -> Path:
    """The new folder; nothing is overwritten."""
    folder = into / name
    folder.mkdir(parents=True)
    words = {
        "@NAME@": name,
        "@TITLE@": name.capitalize(),
        "@CODE@": code,
        "@PREFIX@": prefix,
        "@LABEL@": label,
    }
    for source in sorted(SKELETON.rglob("*.tmpl")):
        text = source.read_text("utf-8")
        for word, meaning in words.items():
            text = text.replace(word, meaning)
        target = folder / source.relative_to(SKELETON).with_suffix("")
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, "utf-8")
    return folder


def main() -> int:
    """Read the command line; 2 when a name, code or prefix is not one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="folder name, e.g. xincheng")
    parser.add_argument("--code", required=True, help="six-digit division code of the pooling area")
    parser.add_argument("--prefix", required=True, help="prefix of its rule IDs, e.g. XC")
    parser.add_argument("--label", default="", help="Chinese name")
    parser.add_argument("--into", type=Path, default=HOUSE / "domain" / "municipalities")
    given = parser.parse_args()
    wanted = {"name": r"[a-z][a-z_]*", "code": r"[0-9]{6}", "prefix": r"[A-Z]{2,3}"}
    for field, pattern in wanted.items():
        if not re.fullmatch(pattern, getattr(given, field)):
            print(f"{field} `{getattr(given, field)}` must look like {pattern}", file=sys.stderr)
            return 2
    if (given.into / given.name).exists():
        print(f"{given.into / given.name} exists already; choose another name", file=sys.stderr)
        return 2
    folder = made(given.into, given.name, given.code, given.prefix, given.label or given.name)
    print(
        f"{folder}: now fill parameters/, rules.txt and cases/, chapter by chapter (docs/new-municipality.md)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
