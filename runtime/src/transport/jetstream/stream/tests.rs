use super::*;

#[test]
fn what_a_stream_takes() {
    for (taken, subject) in [
        ("users.created", "users.created"),
        ("users.*", "users.created"),
        ("users.*.created", "users.*.created"),
        ("users.>", "users.*.created"),
        ("*.*.created", "users.*.created"),
        (">", "users"),
    ] {
        assert!(covers(taken, subject), "{taken} {subject}");
    }
    for (taken, subject) in [
        ("users.created", "users.deleted"),
        ("users.admin.created", "users.*.created"),
        ("users.*", "users.admin.created"),
        ("users.*.created", "users.created"),
        ("users.>", "users"),
        ("users", "users.created"),
        ("users.*", "users.>"),
    ] {
        assert!(!covers(taken, subject), "{taken} {subject}");
    }
}

#[test]
fn names_have_no_dots() {
    assert_eq!(named("email-users.*.created"), "email-users___created");
    assert_eq!(named("größe >1"), "gr__e__1");
}
