//! No file of protobuf.
#![contract(package = "acme.json.v1")]

use crate::common::Money;

pub struct Bill {
    pub total: Money,
}
