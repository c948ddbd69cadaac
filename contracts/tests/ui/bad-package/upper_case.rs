#![contract(package = "Acme.Users")]
