//! The checks, a room for each subject.

pub(crate) mod calls;
pub(crate) mod errors;
pub(crate) mod events;
pub(crate) mod input;
pub(crate) mod layers;
pub(crate) mod lifecycle;
pub(crate) mod load;
pub(crate) mod ordered;
pub(crate) mod outage;
pub(crate) mod stored;
pub(crate) mod streams;
pub(crate) mod time;
pub(crate) mod uploads;
pub(crate) mod wildcards;
