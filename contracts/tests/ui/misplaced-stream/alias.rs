#![contract(package = "acme.users.v1")]

pub type Names = Stream<String>;
