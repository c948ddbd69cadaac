#![contract(package = "acme.users.v1")]

use std::collections::BTreeMap;
