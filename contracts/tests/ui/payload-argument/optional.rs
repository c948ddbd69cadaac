#![contract(package = "acme.users.v1")]

#[service]
pub trait Users {
    #[message("math.sum")]
    fn sum(#[payload] number: Option<i32>) -> i64;
}
