#![contract(package = "acme.users.v1")]

types! { User }
