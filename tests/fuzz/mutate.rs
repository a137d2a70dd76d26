//! Makes new input of old: small changes, and pieces of other inputs.
use rand::{Rng, RngExt, SeedableRng, rngs::StdRng};

/// Inputs do not grow beyond this.
const LONGEST: usize = 4096;

/// Inputs that are kept as ground for others.
const KEPT: usize = 512;

/// Pieces that mean something to one decoder or another.
const TOKENS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "2probe",
    "-",
    "10-",
    "/",
    "/a,",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "\\",
    "\\u",
    "\\ud800",
    ",",
    ":",
    "null",
    "[[[[[[[[",
    "{\"_placeholder\":true,\"num\":0}",
    "{\"_placeholder\":true,\"num\":9}",
    "\x1e",
    "b",
    "=",
    "AQID",
    "EIO=4",
    "transport=polling",
    "&",
    "%",
    "%F0%9F",
    "+",
    "é€😀",
    "\0",
    "18446744073709551616",
    "1e999",
    "-0",
    "\"connect\"",
    " ",
    "\n",
    "sid=",
];

/// Mutates a growing corpus. The same seed gives the same inputs.
pub struct Mutator {
    random: StdRng,
    corpus: Vec<Vec<u8>>,
    input: Vec<u8>,
}

impl Mutator {
    /// Begins with `corpus`.
    pub fn new(corpus: &[&[u8]], seed: u64) -> Mutator {
        let corpus = corpus.iter().map(|input| input.to_vec()).collect();
        Mutator { random: StdRng::seed_from_u64(seed), corpus, input: vec![] }
    }

    /// The next input.
    pub fn next(&mut self) -> &[u8] {
        let from = self.random.random_range(0..self.corpus.len());
        self.input.clone_from(&self.corpus[from]);
        for _ in 0..self.random.random_range(1..8) {
            self.change();
        }
        self.input.truncate(LONGEST);
        // Some of what was made is ground for more.
        if self.random.random_ratio(1, 64) {
            self.keep();
        }
        &self.input
    }

    fn keep(&mut self) {
        if self.corpus.len() < KEPT {
            self.corpus.push(self.input.clone());
        } else {
            // The first are never given up.
            let at = self.random.random_range(KEPT / 4..KEPT);
            self.corpus[at].clone_from(&self.input);
        }
    }

    fn change(&mut self) {
        let at = self.random.random_range(0..=self.input.len());
        let end = self.random.random_range(at..=self.input.len());
        match self.random.random_range(0..7) {
            0 if at < self.input.len() => self.input[at] ^= 1 << self.random.random_range(0..8u8),
            1 if at < self.input.len() => self.input[at] = self.random.next_u32() as u8,
            2 => drop(self.input.drain(at..end)),
            3 => {
                let token = TOKENS[self.random.random_range(0..TOKENS.len())];
                self.insert(at, token.as_bytes().to_vec());
            }
            4 => self.insert(at, self.input[at..end].repeat(2)),
            5 => {
                let other = &self.corpus[self.random.random_range(0..self.corpus.len())];
                let from = self.random.random_range(0..=other.len());
                let piece = other[from..].to_vec();
                self.insert(at, piece);
            }
            _ => {
                let piece = TOKENS[self.random.random_range(0..TOKENS.len())].repeat(self.random.random_range(1..100));
                self.insert(at, piece.into_bytes());
            }
        }
    }

    fn insert(&mut self, at: usize, piece: Vec<u8>) {
        self.input.splice(at..at, piece);
    }
}
