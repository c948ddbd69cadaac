use super::*;

#[test]
fn a_line_is_read_as_it_was_written() {
    let outcomes = [
        Outcome::Passed,
        Outcome::Failed("two\nlines".to_owned()),
        Outcome::LeftOut("it has no \"groups\"".to_owned()),
    ];
    for outcome in outcomes {
        let record = of("Tcp", "RequestReply", "1 MiB", outcome);
        let line = record.to_line();
        assert_eq!(line.lines().count(), 1);
        assert_eq!(Record::from_line(&line), Some(record));
    }
}

#[test]
fn anything_else_is_not_read() {
    for line in [
        "",
        "{}",
        "[]",
        r#"{"transport":"Tcp","capability":"a","check":"b"}"#,
    ] {
        assert_eq!(Record::from_line(line), None, "{line}");
    }
}
