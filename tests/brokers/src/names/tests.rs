use super::unique;

#[test]
fn they_differ_and_suit_every_broker() {
    let (one, other) = (unique("users"), unique("users"));
    assert_ne!(one, other);
    assert!(one.starts_with("users-"));
    let suits = |c: char| c.is_ascii_alphanumeric() || c == '-';
    assert!(one.chars().all(suits), "{one}");
}
