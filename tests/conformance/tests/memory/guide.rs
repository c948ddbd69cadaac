//! What `docs/guide/testing.md` shows.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use anywire::{App, CallError, Context, Failure, Kafka, MESSAGE_ID, Memory, On};

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
#[derive(Clone, Default)]
struct Balances(Arc<Mutex<HashMap<String, u32>>>, Arc<Mutex<Vec<String>>>);

impl On<Paid> for Balances {
    async fn on(&self, cx: &Context, paid: Paid) -> Result<(), Failure> {
        let id = cx.headers().get(MESSAGE_ID).unwrap_or_default().to_owned();
        let mut known = self.1.lock().unwrap();
        if !known.contains(&id) {
            known.push(id);
            *self.0.lock().unwrap().entry(paid.owner).or_default() += paid.amount;
        }
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_counted_twice() {
    let (memory, balances) = (Memory::like::<Kafka>(), Balances::default());
    let subscriber = PaidSubscriber::new(balances.clone()).on(memory.clone());
    let running = App::new().subscribe(subscriber).start().await.unwrap();
    let accounts = AccountsPublisher::new(memory.clone());

    memory.faults(|faults| faults.duplicate(0.5).reorder(3).seed(7));
    for owner in ["Ada", "Grace", "Ada", "Grace"] {
        accounts.paid(owner, 10_u32).await.unwrap();
    }

    // Delivers what is left.
    running.stop().await.unwrap();
    let expected = [("Ada".to_owned(), 20), ("Grace".to_owned(), 20)];
    assert_eq!(*balances.0.lock().unwrap(), HashMap::from(expected));
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
