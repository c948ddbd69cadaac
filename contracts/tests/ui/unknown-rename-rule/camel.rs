#![contract(package = "acme.users.v1", rename_all = "camelcase")]
