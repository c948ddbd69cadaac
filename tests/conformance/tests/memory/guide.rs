//! What `docs/guide/testing.md` shows.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use anywire::{App, CallError, Context, Failure, Kafka, MESSAGE_ID, Memory, On};
use tokio::sync::Mutex;

#[anywire::contract(package = "accounts.v1")]
mod accounts {
    #[service]
    pub trait Accounts {
        /// Money went into an account.
        #[event("accounts.paid", delivery = at_least_once, key = owner)]
        fn paid(owner: String, amount: u32);
    }
}

use accounts::{AccountsPublisher, Paid, PaidSubscriber};

/// What everybody has, and which events went into that.
#[derive(Default)]
struct Books {
    balances: HashMap<String, u32>,
    events: HashSet<String>,
}

#[derive(Clone, Default)]
struct Accountant(Arc<Mutex<Books>>);

impl On<Paid> for Accountant {
    async fn on(&self, cx: &Context, paid: Paid) -> Result<(), Failure> {
        let id = cx.headers().get(MESSAGE_ID).unwrap_or_default();
        let mut books = self.0.lock().await;
        if books.events.insert(id.to_owned()) {
            *books.balances.entry(paid.owner).or_default() += paid.amount;
        }
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_counted_twice() {
    let (memory, accountant) = (Memory::like::<Kafka>(), Accountant::default());
    let subscriber = PaidSubscriber::new(accountant.clone()).on(memory.clone());
    let running = App::new().subscribe(subscriber).start().await;
    let running = running.expect("the app starts");
    let accounts = AccountsPublisher::new(memory.clone());

    memory.faults(|faults| faults.duplicate(0.5).reorder(3).seed(7));
    for owner in ["Ada", "Grace", "Ada", "Grace"] {
        let paid = accounts.paid(owner, 10_u32).await;
        paid.expect("it is stored");
    }

    // Delivers what is left.
    running.stop().await.expect("the app stops");
    let expected = HashMap::from([("Ada".to_owned(), 20), ("Grace".to_owned(), 20)]);
    assert_eq!(accountant.0.lock().await.balances, expected);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_was_not_confirmed_is_a_timeout() {
    let memory = Memory::like::<Kafka>();
    let accounts = AccountsPublisher::new(memory.clone());
    memory.faults(|faults| faults.lose_next(1).only::<Paid>());
    // Ten seconds by the contract, and none by the clock on the wall.
    let paid = accounts.paid("Ada", 10_u32).await;
    assert!(matches!(paid, Err(CallError::Timeout)));
}
