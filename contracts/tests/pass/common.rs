//! Types that several services share.
#![contract(package = "acme.common.v1")]

/// An amount of money.
pub struct Money {
    /// The amount.
    #[check(range = "0.00"..="1000000.00")]
    pub amount: Decimal,
    pub currency: String,
}
