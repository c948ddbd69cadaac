#![contract(package = "acme.users.v1")]

pub type Tree = Vec<Tree>;
