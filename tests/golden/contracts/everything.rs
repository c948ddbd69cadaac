//! Uses every type of the goldens, so that none is unused.
#![contract(package = "golden.everything.v1")]

use crate::checks::SignUp;
use crate::containers::{Containers, Names};
use crate::defaults::Page;
use crate::enums::{Color, Role};
use crate::errors::{Refused, UserError};
use crate::nested::Person;
use crate::scalars::{Empty, Scalars};
use crate::unions::{Payment, Shape};

#[service]
pub trait Everything {
    #[event("all.used")]
    fn all_used(
        sign_up: SignUp,
        containers: Containers,
        names: Names,
        page: Page,
        color: Color,
        role: Role,
        person: Person,
        empty: Empty,
        scalars: Scalars,
        payment: Payment,
        shape: Shape,
    );
    #[message("fail")]
    fn fail(#[payload] role: Role) -> Result<(), UserError>;
    #[message("refuse")]
    fn refuse(#[payload] role: Role) -> Result<(), Refused>;
}
