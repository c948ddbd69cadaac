//! Our order of pattern keys against JavaScript's own `localeCompare`.
//!
//! Nest sorts the keys of a pattern with it, and the result names channels,
//! subjects and queues: one key in another place, and a Nest peer listens
//! elsewhere. The table of ICU is not in this crate; this test shows that for
//! ASCII identifiers its order is as small as ours.

use std::io::{ErrorKind, Write};
use std::process::{Command, Stdio};

use anywire_contracts::model::{Pattern, PatternValue};
use anywire_contracts::{compare_keys, route};

const SETS: usize = 5_000;

/// Nest's `transformPatternToRoute`, for patterns without arrays and nulls.
const SCRIPT: &str = r#"
const route = value => typeof value === "object"
  ? "{" + Object.keys(value).sort((a, b) => a.localeCompare(b)).map(key => `"${key}":${route(value[key])}`).join(",") + "}"
  : typeof value === "string" ? `"${value.replace(/[\\"]/g, c => "\\" + c)}"` : `${value}`;
let text = "";
process.stdin.on("data", chunk => text += chunk).on("end", () => {
  const out = JSON.parse(text).map(({ keys, pattern }) =>
    ({ keys: keys.sort((a, b) => a.localeCompare(b)), route: route(pattern) }));
  process.stdout.write(JSON.stringify(out));
});
"#;

/// A small generator of our own: the sets must be the same on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    /// From few letters, so that many keys differ in case or at their end only.
    fn key(&mut self) -> String {
        let alphabets: [&[u8]; 3] = [
            b"aAbB_12",
            b"_zZ09aA",
            b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_",
        ];
        let alphabet = alphabets[self.below(3)];
        let length = 1 + self.below(6);
        let mut key: String = (0..length)
            .map(|_| alphabet[self.below(alphabet.len())] as char)
            .collect();
        if key.starts_with(|c: char| c.is_ascii_digit()) {
            key.insert(0, if self.below(2) == 0 { '_' } else { 'k' });
        }
        key
    }

    fn keys(&mut self) -> Vec<String> {
        let mut keys: Vec<String> = (0..2 + self.below(10)).map(|_| self.key()).collect();
        keys.sort();
        keys.dedup();
        // An arbitrary order, which is not the sorted one.
        for at in (1..keys.len()).rev() {
            keys.swap(at, self.below(at + 1));
        }
        // Not a key that an object literal can have.
        keys.retain(|key| key != "__proto__");
        keys
    }

    fn value(&mut self, levels: usize) -> PatternValue {
        match self.below(if levels == 0 { 3 } else { 4 }) {
            0 => PatternValue::Text(
                ["get", "a\"b", "c\\d", "\n", "é🦀", ""][self.below(6)].to_owned(),
            ),
            1 => PatternValue::Int(
                [0, -1, 42, 9_007_199_254_740_991, -9_007_199_254_740_991][self.below(5)],
            ),
            2 => PatternValue::Bool(self.below(2) == 0),
            _ => {
                let keys = self.keys();
                PatternValue::Object(
                    keys.into_iter()
                        .map(|key| (key, self.value(levels - 1)))
                        .collect(),
                )
            }
        }
    }
}

#[test]
fn keys_and_routes_are_sorted_as_javascript_sorts_them() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let cases: Vec<(Vec<String>, Pattern)> = (0..SETS)
        .map(|_| {
            let keys = random.keys();
            let entries = keys
                .iter()
                .map(|key| (key.clone(), random.value(2)))
                .collect();
            (keys, Pattern::Object(entries))
        })
        .collect();
    let input: Vec<serde_json::Value> = cases
        .iter()
        .map(|(keys, pattern)| {
            let pattern = anywire_contracts::packet_json(pattern);
            let pattern: serde_json::Value =
                serde_json::from_str(&pattern).expect("a packet's pattern is JSON");
            serde_json::json!({ "keys": keys, "pattern": pattern })
        })
        .collect();
    let Some(output) = node(&serde_json::Value::from(input).to_string()) else {
        // Not `println!`: the harness keeps that from whoever runs the tests.
        let line = "skipped: there is no `node` here to compare the order of keys with\n";
        std::io::stderr()
            .write_all(line.as_bytes())
            .expect("somebody listens");
        return;
    };
    let answers: Vec<serde_json::Value> =
        serde_json::from_str(&output).expect("node answers in JSON");
    assert_eq!(answers.len(), cases.len());
    for ((mut keys, pattern), answer) in cases.into_iter().zip(answers) {
        keys.sort_by(|a, b| compare_keys(a, b));
        assert_eq!(serde_json::json!(keys), answer["keys"]);
        assert_eq!(route(&pattern), answer["route"], "{pattern:?}");
    }
}

/// What the script says, or nothing if there is no Node.
fn node(input: &str) -> Option<String> {
    let child = Command::new("node")
        .args(["-e", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) if error.kind() == ErrorKind::NotFound => return None,
        Err(error) => panic!("node cannot be started: {error}"),
    };
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(input.as_bytes()).expect("node reads");
    drop(stdin);
    let output = child.wait_with_output().expect("node ends");
    assert!(output.status.success(), "the script failed");
    Some(String::from_utf8(output.stdout).expect("node writes UTF-8"))
}
