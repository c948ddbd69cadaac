//! The little JSON that a compiler needs: quoting text, and telling whether
//! text would parse. A whole JSON library would be built by every user's build.

/// The text as a JSON string, quotes included.
pub(crate) fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether `JSON.parse` would take the text.
pub(crate) fn parses(text: &str) -> bool {
    let mut reader = Reader {
        rest: text.as_bytes(),
    };
    reader.value(0) && reader.skip_blank().is_empty()
}

/// Patterns nest far less; the limit keeps hostile text from using up the stack.
const MAX_DEPTH: usize = 128;

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn skip_blank(&mut self) -> &'a [u8] {
        while let [b' ' | b'\t' | b'\n' | b'\r', rest @ ..] = self.rest {
            self.rest = rest;
        }
        self.rest
    }

    fn eat(&mut self, expected: &str) -> bool {
        match self.rest.strip_prefix(expected.as_bytes()) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn value(&mut self, depth: usize) -> bool {
        if depth > MAX_DEPTH {
            return false;
        }
        match self.skip_blank() {
            [b'{', ..] => self.list('{', '}', |reader| {
                reader.skip_blank();
                reader.string() && {
                    reader.skip_blank();
                    reader.eat(":") && reader.value(depth + 1)
                }
            }),
            [b'[', ..] => self.list('[', ']', |reader| reader.value(depth + 1)),
            [b'"', ..] => self.string(),
            [b't', ..] => self.eat("true"),
            [b'f', ..] => self.eat("false"),
            [b'n', ..] => self.eat("null"),
            _ => self.number(),
        }
    }

    fn list(&mut self, open: char, close: char, mut item: impl FnMut(&mut Self) -> bool) -> bool {
        let (open, close) = (open.to_string(), close.to_string());
        if !self.eat(&open) {
            return false;
        }
        self.skip_blank();
        if self.eat(&close) {
            return true;
        }
        loop {
            if !item(self) {
                return false;
            }
            self.skip_blank();
            if self.eat(&close) {
                return true;
            }
            if !self.eat(",") {
                return false;
            }
        }
    }

    fn string(&mut self) -> bool {
        if !self.eat("\"") {
            return false;
        }
        loop {
            match self.rest {
                [b'"', rest @ ..] => {
                    self.rest = rest;
                    return true;
                }
                [b'\\', b'u', a, b, c, d, rest @ ..]
                    if [a, b, c, d].iter().all(|x| x.is_ascii_hexdigit()) =>
                {
                    self.rest = rest;
                }
                [
                    b'\\',
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't',
                    rest @ ..,
                ] => self.rest = rest,
                [b'\\' | 0..=0x1f, ..] | [] => return false,
                [_, rest @ ..] => self.rest = rest,
            }
        }
    }

    fn digits(&mut self) -> usize {
        let count = self
            .rest
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        self.rest = &self.rest[count..];
        count
    }

    fn number(&mut self) -> bool {
        self.eat("-");
        let leading_zero = self.rest.first() == Some(&b'0');
        match self.digits() {
            0 => return false,
            1 => {}
            _ if leading_zero => return false,
            _ => {}
        }
        if self.eat(".") && self.digits() == 0 {
            return false;
        }
        if self.eat("e") || self.eat("E") {
            let _sign = self.eat("+") || self.eat("-");
            return self.digits() > 0;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{parses, quote};

    #[test]
    fn tells_json_from_other_text() {
        for text in [
            "1",
            "-1.5e+3",
            " true ",
            "null",
            "\"a\\u00e9\"",
            "{\"a\": [1, {}], \"b\":\"\"}",
            "[]",
            "0",
            "1.0",
        ] {
            assert!(parses(text), "{text}");
        }
        for text in [
            "", "01", "1.", "math.sum", "tru", "{a:1}", "[1,]", "\"a", "1 2", "-", "\"\\x\"", "+1",
            "NaN",
        ] {
            assert!(!parses(text), "{text}");
        }
    }

    #[test]
    fn quotes() {
        assert_eq!(quote("a\"b\\c\n\u{1}é"), "\"a\\\"b\\\\c\\n\\u0001é\"");
    }
}
