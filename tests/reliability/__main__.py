"""`./run reliability [--quick]`: all figures, and at the end one table; exit 1 if one misses its target."""

import argparse
import sys

from tests.reliability.parts import LEFT_OUT, QUICK, WHOLE, measure_all


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run reliability", description="What is promised of saves, measured on a real server.")
    parser.add_argument("--quick", action="store_true", help="a short form of it, in under a minute")
    parser.add_argument("only", nargs="*", metavar="PART", help=f"only these: {', '.join(WHOLE)}")
    options = parser.parse_args(arguments)
    names = [name for name in (QUICK if options.quick else WHOLE) if not options.only or name in options.only]
    made = measure_all(names, is_quick=options.quick)
    wide = [max(len(text) for text in column) for column in zip(*((one.name, one.result, one.target) for one in made), strict=True)]
    for one in made:
        print(f"{one.name:{wide[0]}}  {one.result:>{wide[1]}}  {one.target:{wide[2]}}  {'holds' if one.holds else 'MISSED'}")
    if options.quick:
        print(f"Left out of the quick form: {LEFT_OUT}.")
    return 0 if all(one.holds for one in made) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
