"""First passwords, made here and printed once: words that can be read from a screen and typed."""

import secrets

WORDS = (
    *("amber", "basil", "cedar", "delta", "ember", "fjord", "grove", "hazel", "ivory", "joule", "karst", "lemon"),
    *("maple", "north", "ocean", "pearl", "quartz", "river", "slate", "tulip", "umber", "violet", "willow", "yarrow"),
)


def make_password() -> str:
    """Six of 24 words and a number: 34 bits, far beyond ten tries in 15 minutes, to be changed by whoever gets it."""
    return "-".join(secrets.choice(WORDS) for _ in range(6)) + f"-{secrets.randbelow(90) + 10}"
