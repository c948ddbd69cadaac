#![contract(package = "acme.users.v1")]

pub struct A {
    pub b: B,
}

pub struct B {
    pub a: Option<A>,
}
