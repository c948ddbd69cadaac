//! Money, in a folder.
#![contract(package = "golden.shop.money.v1")]

pub struct Money {
    #[deprecated(since = "1.2.0", note = "use `minor`")]
    pub amount: Option<f64>,
    pub minor: i64,
    pub currency: String,
}

#[service]
pub trait Bank {
    #[deprecated]
    #[message("bank.pay")]
    fn pay(money: Money);
}
