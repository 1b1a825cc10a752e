//! Cuts a document into lexemes exactly as the parser's grammar does, keeping none of them.

/// A lexeme, as far as the lexical pass wants to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lexeme {
    /// One of `{`, `[`, `(`.
    Open,
    /// One of `}`, `]`, `)`.
    Close,
    /// A name, a number, a string, other punctuation, or a character that the parser will refuse.
    Other,
}

/// A string that begins here and never ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unterminated {
    pub offset: usize,
}

/// The lexemes of a source with the byte offset of each; over after the first string without an end.
pub(crate) struct Lexemes<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> Lexemes<'a> {
    pub const fn of(source: &'a str) -> Self {
        Self { rest: source.as_bytes(), offset: 0 }
    }

    fn advance(&mut self, length: usize) {
        self.rest = &self.rest[length..];
        self.offset += length;
    }
}

impl Iterator for Lexemes<'_> {
    type Item = Result<(usize, Lexeme), Unterminated>;

    fn next(&mut self) -> Option<Self::Item> {
        self.advance(ignored(self.rest));
        let offset = self.offset;
        let lexeme = match self.rest.first()? {
            b'{' | b'[' | b'(' => Lexeme::Open,
            b'}' | b']' | b')' => Lexeme::Close,
            _ => Lexeme::Other,
        };
        let Some(length) = length(self.rest) else {
            self.advance(self.rest.len());
            return Some(Err(Unterminated { offset }));
        };
        self.advance(length);
        Some(Ok((offset, lexeme)))
    }
}

/// The length of the lexeme that `rest` begins with; none for a string without an end.
fn length(rest: &[u8]) -> Option<usize> {
    match rest {
        // The parser would take an unterminated block string for an empty string with more behind it.
        [b'"', b'"', b'"', ..] => block_string(rest),
        [b'"', ..] => string(rest),
        [b'.', b'.', b'.', ..] => Some(3),
        [b'-' | b'0'..=b'9', ..] => Some(number(rest)),
        [b'_' | b'a'..=b'z' | b'A'..=b'Z', ..] => {
            Some(leading(rest, |byte| byte == b'_' || byte.is_ascii_alphanumeric()))
        }
        [_, tail @ ..] => Some(1 + leading(tail, |byte| byte & 0b1100_0000 == 0b1000_0000)),
        [] => None,
    }
}

/// How many bytes from here on are blanks, commas, byte order marks and comments.
fn ignored(rest: &[u8]) -> usize {
    let mut at = 0;
    loop {
        at += match &rest[at..] {
            [b' ' | b'\t' | b'\n' | b'\r' | b',', ..] => 1,
            [0xEF, 0xBB, 0xBF, ..] => 3,
            [b'#', comment @ ..] => 1 + leading(comment, |byte| byte != b'\n' && byte != b'\r'),
            _ => return at,
        };
    }
}

fn string(rest: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += match &rest[at..] {
            [b'"', ..] => return Some(at + 1),
            [b'\\', b'"' | b'\\', ..] => 2,
            [b'\n' | b'\r', ..] | [] => return None,
            _ => 1,
        };
    }
}

fn block_string(rest: &[u8]) -> Option<usize> {
    let mut at = 3;
    loop {
        at += match &rest[at..] {
            [b'"', b'"', b'"', ..] => return Some(at + 3),
            [b'\\', b'"', b'"', b'"', ..] => 4,
            [] => return None,
            _ => 1,
        };
    }
}

// The grammar lets numbers touch: `00` is two of them, and so is `1-1`.
fn number(rest: &[u8]) -> usize {
    let mut at = usize::from(rest[0] == b'-');
    at += match rest.get(at) {
        Some(b'0') => 1,
        _ => digits(&rest[at..]),
    };
    if let [b'.', fraction @ ..] = &rest[at..]
        && digits(fraction) > 0
    {
        at += 1 + digits(fraction);
    }
    match &rest[at..] {
        [b'e' | b'E', b'+' | b'-', power @ ..] if digits(power) > 0 => at + 2 + digits(power),
        [b'e' | b'E', power @ ..] if digits(power) > 0 => at + 1 + digits(power),
        _ => at,
    }
}

fn digits(rest: &[u8]) -> usize {
    leading(rest, |byte| byte.is_ascii_digit())
}

fn leading(rest: &[u8], belongs: impl Fn(u8) -> bool) -> usize {
    rest.iter().position(|&byte| !belongs(byte)).unwrap_or(rest.len())
}
