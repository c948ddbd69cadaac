//! From the pattern in a packet to the handler that has it.

use std::{collections::HashMap, fmt::Write as _};

use foldhash::fast::FixedState;
use serde_json::Value;

use crate::{Meta, codec::json::escape};

/// Finds what is registered under a pattern, however a peer wrote it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Patterns {
    /// By the JSON that our contract and Nest's clients write: no parsing, no allocation.
    /// Peers only look up here, so that the hash need not withstand them.
    written: HashMap<Box<[u8]>, usize, FixedState>,
    /// By the normal form, for keys in another order, white space, and JSON inside text.
    normal: HashMap<String, usize>,
}

impl Patterns {
    /// Registers an operation's pattern; returns the place that it had already, if any.
    pub(crate) fn insert(&mut self, meta: &Meta, place: usize) -> Option<usize> {
        let normal = normalize(meta.pattern.as_bytes())?;
        if let Some(known) = self.normal.get(&normal) {
            return Some(*known);
        }
        self.normal.insert(normal, place);
        self.written.insert(meta.pattern.as_bytes().into(), place);
        // Events carry the route of an object pattern as text.
        let mut text = vec![b'"'];
        escape(meta.route, &mut text);
        text.push(b'"');
        self.written.insert(text.into(), place);
        None
    }

    /// The place of a pattern, given as JSON.
    pub(crate) fn find(&self, pattern: &[u8]) -> Option<usize> {
        if let Some(place) = self.written.get(pattern) {
            return Some(*place);
        }
        self.normal.get(&normalize(pattern)?).copied()
    }
}

/// The text of a pattern that is JSON text.
pub(crate) fn text(pattern: &[u8]) -> Option<String> {
    serde_json::from_slice(pattern).ok()
}

/// Whether a name on the wire is one of those that a route with wildcards
/// stands for: `users.admin.created` of `users.{role}.created`.
pub(crate) fn fits(route: &str, name: &str) -> bool {
    let mut parts = name.split('.');
    let fits = route.split('.').all(|wanted| {
        parts
            .next()
            .is_some_and(|part| part == wanted || (wanted.starts_with('{') && !part.is_empty()))
    });
    fits && parts.next().is_none()
}

/// One text for all the ways to write a pattern that Nest takes for the same.
///
/// Text that is itself JSON counts as that JSON, a number as its text, an array
/// as an object of its indexes, and the order of keys does not matter. It is
/// only ever compared with itself, so that keys are sorted by bytes here, not
/// by Nest's collation.
fn normalize(pattern: &[u8]) -> Option<String> {
    let mut value: Value = serde_json::from_slice(pattern).ok()?;
    if let Value::String(text) = &value {
        match serde_json::from_str(text) {
            Ok(inner) => value = inner,
            Err(_) => return Some(text.clone()),
        }
    }
    let mut out = String::new();
    match value {
        Value::String(text) => out = text,
        other => write(&other, &mut out),
    }
    Some(out)
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members
                .iter()
                .map(|(key, value)| (key.clone(), value))
                .collect();
            members.sort_by(|one, other| one.0.cmp(&other.0));
            write_object(&members, out);
        }
        Value::Array(items) => {
            let mut members: Vec<_> = items
                .iter()
                .enumerate()
                .map(|(at, item)| (at.to_string(), item))
                .collect();
            members.sort_by(|one, other| one.0.cmp(&other.0));
            write_object(&members, out);
        }
        // As JavaScript prints a number: `1.0` is `1`.
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.as_i64().is_none() => put(out, float),
            _ => put(out, number),
        },
        other => put(out, other),
    }
}

fn write_object(members: &[(String, &Value)], out: &mut String) {
    out.push('{');
    for (at, (key, value)) in members.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        put(out, Value::String(key.clone()));
        out.push(':');
        write(value, out);
    }
    out.push('}');
}

fn put(out: &mut String, value: impl std::fmt::Display) {
    // Writing to a string cannot fail.
    let _ = write!(out, "{value}");
}

#[cfg(test)]
mod tests;
