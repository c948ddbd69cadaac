//! What two hybrid applications ask each other: NestJS is asked for the stock,
//! anywire for prices.
#![contract(package = "interop.market.v1", rename_all = "camelCase")]

/// Why there is no count.
pub enum StockError {
    #[error(not_found, "There is no {item}")]
    NoSuchItem { item: String },
}

/// Why there is no price.
pub enum PriceError {
    #[error(not_found, "There is no price of {item}")]
    NoPrice { item: String },
}

#[service]
pub trait Stock {
    #[message("stock.count", idempotent)]
    fn count(item: String) -> Result<u32, StockError>;

    #[event("stock.changed")]
    fn stock_changed(item: String);
}

#[service]
pub trait Prices {
    #[message("price.of", idempotent)]
    fn price_of(item: String) -> Result<u32, PriceError>;

    #[event("price.changed")]
    fn price_changed(item: String);
}
