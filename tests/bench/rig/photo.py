"""A photograph as a phone takes it, made up: a JPEG of twelve megapixels and some MiB. A seed gives the same again."""

import random

WIDTH, HEIGHT = 4032, 3024
BLOCKS = (0, 0, 0, 0, 1, 2)
"""Of a unit of 16 times 16 pixels: four of brightness, and two of colour for all of them."""
DETAILS = (11, 2, 2)
"""How many numbers of a block are not zero, as a rule, by component. They make the file as large as it is."""
ROWS = 8
"""So many rows of units are different. Each begins anew, so they can stand anywhere."""


class Bits:
    """Bits in the order in which JPEG has them."""

    def __init__(self):
        self.bytes, self.open, self.count = bytearray(), 0, 0

    def put(self, value: int, count: int) -> None:
        """The lowest `count` bits of a value."""
        self.open, self.count = self.open << count | value, self.count + count
        while self.count >= 8:
            self.count -= 8
            byte = self.open >> self.count & 0xFF
            self.bytes += b"\xff\x00" if byte == 0xFF else bytes([byte])
        self.open &= (1 << self.count) - 1

    def end(self) -> bytes:
        """All of them, filled up with ones."""
        if self.count:
            self.put((1 << 8 - self.count) - 1, 8 - self.count)
        return bytes(self.bytes)


def segment(kind: int, content: bytes) -> bytes:
    """A marker with what belongs to it."""
    return bytes([0xFF, kind]) + (len(content) + 2).to_bytes(2) + content


def signed(value: int, size: int) -> int:
    """A number as JPEG writes it in so many bits."""
    return value if value > 0 else value + (1 << size) - 1


def block(bits: Bits, chance: random.Random, component: int) -> None:
    """A block: a small step from the one before it, and details of which most are slow waves."""
    step = chance.randint(-7, 7)
    bits.put(abs(step).bit_length(), 4)
    bits.put(signed(step, abs(step).bit_length()), abs(step).bit_length())
    at = 0
    for _ in range(max(0, round(chance.gauss(DETAILS[component], DETAILS[component] / 2)))):
        zeros = min(15, int(chance.expovariate(0.7)))
        at += zeros + 1
        if at > 62:
            break
        value = chance.choice((-1, 1)) * max(1, int(chance.expovariate(0.4) * 16 / (at + 8)))
        bits.put(SYMBOLS.index(zeros << 4 | value.bit_length()), 8)
        bits.put(signed(value, value.bit_length()), value.bit_length())
    bits.put(SYMBOLS.index(0), 8)


# Every code of the table has eight bits.
SYMBOLS = [0] + [zeros << 4 | size for zeros in range(16) for size in range(1, 11)]


def photo(seed: int = 1) -> bytes:
    """The file, with a note of where it was taken, which nobody is to see."""
    chance = random.Random(seed)
    units, rows = WIDTH // 16, HEIGHT // 16
    drawn = []
    for _ in range(ROWS):
        bits = Bits()
        for _ in range(units):
            for component in BLOCKS:
                block(bits, chance, component)
        drawn.append(bits.end())
    scan = b"".join(drawn[row % ROWS] + bytes([0xFF, 0xD0 + row % 8]) for row in range(rows))[:-2]
    frame = bytes([8]) + HEIGHT.to_bytes(2) + WIDTH.to_bytes(2) + bytes([3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0])
    tables = bytes([0x00, 0, 0, 0, 12, *[0] * 12, *range(12), 0x10, *[0] * 7, len(SYMBOLS), *[0] * 8, *SYMBOLS])
    return b"".join((
        b"\xff\xd8",
        segment(0xE1, b"Exif\0\0MM\0*\0\0\0\x08\0\0" + bytes(2_000)),
        segment(0xDB, bytes([0, *[8 + place // 4 for place in range(64)]])),
        segment(0xC0, frame),
        segment(0xC4, tables),
        segment(0xDD, units.to_bytes(2)),
        segment(0xDA, bytes([3, 1, 0, 2, 0, 3, 0, 0, 63, 0])),
        scan,
        b"\xff\xd9",
    ))
