#![contract(package = "acme.users.v1")]

fn get_user(id: u32) -> u32;
