//! What the transports on Nest's wire share, whatever carries the packets.

pub(super) mod arrivals;
pub(super) mod calls;
pub(super) mod handling;
pub(super) mod table;
pub(super) mod values;
