"""What people say, made up: words as rare as words are, in messages as long as messages are, the same from one seed."""

import itertools
import random
from collections.abc import Iterator

VOCABULARY = 100_000
CHARACTERS = 3_000
CJK_SHARE = 0.03
"""Of messages."""
MEDIAN_WORDS = 8
SPREAD = 0.8
"""Of the logarithm of a message's length."""
ZIPF = 1.0
ONSETS = "b c d f g h k l m n p r s t v w b d h l m n r s t ch sh th".split()
NUCLEI = "a e i o u a e i o u ea ou".split()
CODAS = ["", "", "", "", "n", "r", "s", "t", "l", "ng"]
FIRST_HAN = 0x4E00


class Speech:
    """Endless talk. The word of rank 0 is the most ordinary one, and short."""

    def __init__(self, seed: int = 1):
        self.chance = random.Random(seed)
        self.words = self.vocabulary()
        self.han = [chr(FIRST_HAN + at) for at in self.chance.sample(range(20_000), CHARACTERS)]
        self.weights = weights(VOCABULARY)
        self.han_weights = weights(CHARACTERS)

    def vocabulary(self) -> list[str]:
        """Words, each once. The rarer the longer."""
        found: dict[str, None] = {}
        while len(found) < VOCABULARY:
            syllables = 1 if len(found) < 200 else 2 if len(found) < 10_000 else 3
            found["".join(self.syllable() for _ in range(syllables))] = None
        return list(found)

    def syllable(self) -> str:
        """Something that can be said."""
        return self.chance.choice(ONSETS) + self.chance.choice(NUCLEI) + self.chance.choice(CODAS)

    def texts(self, number: int, at_once: int = 10_000) -> Iterator[str]:
        """So many messages."""
        for first in range(0, number, at_once):
            lengths = [self.length() for _ in range(min(at_once, number - first))]
            words = iter(self.chance.choices(self.words, cum_weights=self.weights, k=sum(lengths)))
            for length in lengths:
                said = list(itertools.islice(words, length))
                yield self.run() if self.chance.random() < CJK_SHARE else " ".join(said)

    def length(self) -> int:
        """In words: few as a rule, many now and then."""
        return max(1, min(400, round(self.chance.lognormvariate(0, SPREAD) * MEDIAN_WORDS)))

    def run(self) -> str:
        """A message in a script without blanks between words."""
        return "".join(self.chance.choices(self.han, cum_weights=self.han_weights, k=2 * self.length()))

    def queries(self) -> dict[str, list[str]]:
        """What people look for, by kind: ordinary things, and rarer ones."""
        ordinary, rare = [self.words[rank] for rank in (0, 5, 50, 300)], [self.words[rank] for rank in (2_000, 20_000)]
        pairs = list(zip(ordinary, reversed(ordinary), strict=True))
        return {
            "word": [f"{word} " for word in ordinary],
            "rare word": [f"{word} " for word in rare],
            "two words": [f"{one} {other} " for one, other in pairs],
            "phrase": [f'"{one} {other}"' for one, other in pairs],
            "beginning": [self.words[1_000][:2], self.words[3_000][:3], self.words[30_000][:4], "b"],
            "CJK": [self.han[3], self.han[0] + self.han[1], self.han[20] + self.han[40], self.han[500]],
            "nowhere": ["qqqq ", f"{ordinary[0]} qqqq "],
        }


def weights(number: int) -> list[float]:
    """Cumulated: the word of rank n is said 1 / (n + 2.7) as often as the first ones (Zipf and Mandelbrot)."""
    return list(itertools.accumulate(1 / (rank + 2.7) ** ZIPF for rank in range(number)))
