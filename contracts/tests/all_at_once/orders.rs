#![contract(package = "acme.orders.v1")]

use crate::common::Money;

use std::collections::HashSet;

impl Order {}

pub struct Broken {
    pub id u32,
}

pub struct Order {
    pub parts: Foo,
    pub total: Money,
    pub buyers: (u32, Broken),
    seen: HashSet,
    pub again: Foo,
}
