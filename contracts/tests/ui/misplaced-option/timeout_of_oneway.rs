#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message("users.log", oneway, timeout = "2s")]
    fn log(line: String);
}
