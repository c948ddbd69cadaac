//! One fixture a mistake. `TRYBUILD=overwrite cargo test -p anywire-ui` writes
//! the texts anew; they are those of the newest stable rustc.

#[test]
fn mistakes_do_not_compile() {
    trybuild::TestCases::new().compile_fail("fail/*.rs");
}
