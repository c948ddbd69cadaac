use std::env;

use tokio::sync::OnceCell;

use crate::{Broker, Error};

/// The one broker of a kind that all tests of a process use: a given one, or one that is started when first asked for.
#[derive(Debug)]
pub(crate) struct Shared {
    variable: &'static str,
    first: OnceCell<Result<Address, Error>>,
}

#[derive(Debug)]
enum Address {
    Given(String),
    Started(Broker),
}

impl Shared {
    pub(crate) const fn new(variable: &'static str) -> Self {
        Self {
            variable,
            first: OnceCell::const_new(),
        }
    }

    pub(crate) async fn url(
        &self,
        start: impl Future<Output = Result<Broker, Error>>,
    ) -> Result<&str, Error> {
        let first = self.first.get_or_init(|| async {
            match env::var(self.variable) {
                Ok(url) if !url.is_empty() => Ok(Address::Given(url)),
                _ => start.await.map(Address::Started),
            }
        });
        match first.await {
            Ok(Address::Given(url)) => Ok(url),
            Ok(Address::Started(broker)) => Ok(broker.url()),
            Err(error) => Err(error.clone()),
        }
    }
}
