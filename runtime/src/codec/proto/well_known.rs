//! The types that protobuf brings itself: `google.protobuf.Timestamp`,
//! `Duration` and `Value`.

use std::collections::BTreeMap;

use serde_json::{Number, Value};

use super::{Proto, Reader, Writer};
use crate::{
    DecodeError,
    json::MAX_SAFE_INTEGER,
    types::{Duration, Json, Timestamp},
};

/// Seconds and nanoseconds, as both `Timestamp` and `Duration` have them.
fn write_time(seconds: i64, nanos: i32, to: &mut Writer) {
    to.field(1, &seconds);
    to.field(2, &nanos);
}

fn read_time(from: &mut Reader<'_>) -> Result<(i64, i32), DecodeError> {
    const FIELDS: &[(u32, &str)] = &[(1, "seconds"), (2, "nanos")];
    let (mut seconds, mut nanos) = (None, None);
    let mut message = from.message(FIELDS);
    while let Some(number) = message.next_field() {
        match number {
            1 => message.read(&mut seconds),
            2 => message.read(&mut nanos),
            _ => message.skip(),
        }
    }
    message.finish()?;
    Ok((seconds.unwrap_or_default(), nanos.unwrap_or_default()))
}

impl Proto for Timestamp {
    fn encode(&self, to: &mut Writer) {
        let (seconds, nanos) = self.parts();
        write_time(seconds, nanos, to);
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (seconds, nanos) = read_time(from)?;
        let time = (0..1_000_000_000)
            .contains(&nanos)
            .then(|| Self::of_parts(seconds, nanos));
        time.flatten().ok_or_else(|| {
            DecodeError::new(format!(
                "expected a timestamp, found {seconds} seconds and {nanos} nanoseconds"
            ))
        })
    }
}

impl Proto for Duration {
    fn encode(&self, to: &mut Writer) {
        let length = std::time::Duration::from(*self);
        // Beyond is longer than the universe is old.
        let seconds = i64::try_from(length.as_secs()).unwrap_or(i64::MAX);
        write_time(seconds, length.subsec_nanos().cast_signed(), to);
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (seconds, nanos) = read_time(from)?;
        match (u64::try_from(seconds), u32::try_from(nanos)) {
            (Ok(seconds), Ok(nanos)) if nanos < 1_000_000_000 => {
                Ok(std::time::Duration::new(seconds, nanos).into())
            }
            _ => Err(DecodeError::new(format!(
                "expected a duration, found {seconds} seconds and {nanos} nanoseconds"
            ))),
        }
    }
}

/// The fields of `google.protobuf.Value`.
const NULL: u32 = 1;
const NUMBER: u32 = 2;
const STRING: u32 = 3;
const BOOL: u32 = 4;
const STRUCT: u32 = 5;
const LIST: u32 = 6;

/// Numbers are floats, as in JavaScript: integers beyond 2^53-1 are rounded.
impl Proto for Json {
    fn encode(&self, to: &mut Writer) {
        write_json(&self.0, to);
    }

    fn decode(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        read_json(from).map(Self)
    }
}

fn write_json(value: &Value, to: &mut Writer) {
    match value {
        Value::Null => to.present(NULL, &0_i32),
        Value::Number(number) => to.present(NUMBER, &number.as_f64().unwrap_or_default()),
        Value::String(text) => to.present(STRING, text),
        Value::Bool(value) => to.present(BOOL, value),
        Value::Object(map) => to.message(STRUCT, |to| {
            for (key, value) in map {
                to.message(1, |to| {
                    to.field(1, key);
                    to.message(2, |to| write_json(value, to));
                });
            }
        }),
        Value::Array(items) => to.message(LIST, |to| {
            for item in items {
                to.message(1, |to| write_json(item, to));
            }
        }),
    }
}

fn read_json(from: &mut Reader<'_>) -> Result<Value, DecodeError> {
    let mut value = Value::Null;
    let mut message = from.message(&[]);
    while let Some(number) = message.next_field() {
        match number {
            NULL => {
                message.skip();
                value = Value::Null;
            }
            NUMBER => value = json_number(message.take())?,
            STRING => value = Value::String(message.take()),
            BOOL => value = Value::Bool(message.take()),
            // A message with one field, as lists and maps are where values are asked for.
            STRUCT => {
                let map: BTreeMap<String, Json> = message.take();
                value = map.into_iter().map(|(key, value)| (key, value.0)).collect();
            }
            LIST => {
                let items: Vec<Json> = message.take();
                value = items.into_iter().map(|item| item.0).collect();
            }
            _ => message.skip(),
        }
    }
    message.finish()?;
    Ok(value)
}

/// A float as JSON has it: `1` and not `1.0`.
fn json_number(number: f64) -> Result<Value, DecodeError> {
    let is_integer = number.fract() == 0.0 && number.abs() <= MAX_SAFE_INTEGER as f64;
    if is_integer && !(number == 0.0 && number.is_sign_negative()) {
        return Ok((number as i64).into());
    }
    match Number::from_f64(number) {
        Some(number) => Ok(number.into()),
        None => Err(DecodeError::new(format!("{number} is not a JSON number"))),
    }
}
