#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message("users.log", oneway)]
    fn log(line: String) -> ();
}
