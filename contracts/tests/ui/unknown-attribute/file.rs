#![contract(package = "acme.users.v1")]

#![allow(dead_code)]
