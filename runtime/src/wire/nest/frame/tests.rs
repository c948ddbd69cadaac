//! Frames cut, joined and broken in every way that a peer may do it.

use proptest::{collection::vec, prelude::*, sample::Index};

use super::*;

const MAX_UNITS: usize = 1 << 22;

/// What the frames hold that arrive in these pieces, and what ended them.
fn received<P: AsRef<[u8]>>(pieces: &[P]) -> (Vec<String>, Option<FrameError>) {
    let mut inbox = Inbox::new(MAX_UNITS);
    let mut texts = Vec::new();
    for piece in pieces {
        inbox.room().extend_from_slice(piece.as_ref());
        inbox.received();
        let frames = inbox.frames();
        for range in &frames.ranges {
            let text = str::from_utf8(&frames.bytes[range.clone()]).expect("UTF-8");
            texts.push(text.to_owned());
        }
        if frames.error.is_some() {
            return (texts, frames.error);
        }
        inbox.reuse(frames);
    }
    (texts, None)
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

fn frame(text: &str) -> Vec<u8> {
    let mut out = BytesMut::new();
    write(&mut out, &[text.as_bytes()]);
    out.into()
}

/// A frame whose text is what these bytes decode to.
fn frame_of_bytes(bytes: &[u8]) -> Vec<u8> {
    let mut out = format!("{}#", units(&String::from_utf8_lossy(bytes))).into_bytes();
    out.extend_from_slice(bytes);
    out
}

/// The same bytes in pieces, cut at these places.
fn cut<'a>(bytes: &'a [u8], places: &[Index]) -> Vec<&'a [u8]> {
    let mut places: Vec<_> = places
        .iter()
        .map(|place| place.index(bytes.len() + 1))
        .collect();
    places.sort_unstable();
    let mut pieces = Vec::new();
    let mut start = 0;
    for place in places {
        pieces.push(&bytes[start..place]);
        start = place;
    }
    pieces.push(&bytes[start..]);
    pieces
}

/// Text with characters of one to four bytes in UTF-8, one and two units in UTF-16.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9#\"{}\\\\]{0,40}",
        "[aé漢🦀\u{10FFFF}\u{0}#]{0,40}",
        any::<String>()
    ]
}

/// Bytes of which many begin a character that does not go on as it should.
fn broken_text() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        any::<u8>(),
        Just(b'#'),
        Just(b'1'),
        0x80..=0xBFu8,
        Just(0xC3),
        Just(0xE2),
        Just(0xED),
        Just(0xA0),
        Just(0xF0),
        Just(0x9F),
        Just(0xF4),
    ];
    vec(byte, 0..60)
}

proptest! {
    #[test]
    fn utf16_units_are_counted_as_javascript_counts_them(text in text(), at in any::<Index>()) {
        prop_assert_eq!(utf16_len(text.as_bytes()), units(&text));
        let (one, other) = text.as_bytes().split_at(at.index(text.len() + 1));
        prop_assert_eq!(utf16_len(one) + utf16_len(other), units(&text));
    }

    #[test]
    fn frames_survive_any_cut(
        texts in vec((text(), "[ \t\r\n]{0,3}"), 0..6),
        places in vec(any::<Index>(), 0..12),
    ) {
        let mut bytes = Vec::new();
        for (text, space) in &texts {
            bytes.extend_from_slice(space.as_bytes());
            bytes.extend(frame(text));
        }
        let texts: Vec<_> = texts.into_iter().map(|(text, _)| text).collect();
        prop_assert_eq!(received(&cut(&bytes, &places)), (texts, None));
    }

    #[test]
    fn broken_characters_become_replacements_wherever_they_are_cut(
        bodies in vec(broken_text(), 1..4),
        places in vec(any::<Index>(), 0..12),
    ) {
        let mut bytes: Vec<u8> = bodies.iter().flat_map(|body| frame_of_bytes(body)).collect();
        // What comes next shows that the last character stays as short as it is.
        bytes.extend(frame("{}"));
        let mut texts: Vec<_> =
            bodies.iter().map(|body| String::from_utf8_lossy(body).into_owned()).collect();
        texts.push("{}".to_owned());
        prop_assert_eq!(received(&cut(&bytes, &places)), (texts, None));
    }

    #[test]
    fn junk_is_judged_the_same_however_it_is_cut(
        bytes in prop_oneof![vec(any::<u8>(), 0..200), "[0-9 #+a-]{0,80}".prop_map(String::into_bytes)],
        places in vec(any::<Index>(), 0..12),
    ) {
        let (texts, error) = received(&[&bytes]);
        let (cut_texts, cut_error) = received(&cut(&bytes, &places));
        prop_assert_eq!(texts, cut_texts);
        prop_assert_eq!(error.is_some(), cut_error.is_some());
    }

    #[test]
    fn a_length_is_read_as_javascript_reads_it(
        space in "[ \t\r\n]{0,5}", length in 0..1000_usize, junk in "([a-z.,-][^#]{0,20})?",
    ) {
        let text = "x".repeat(length);
        let bytes = format!("{space}{length}{junk}#{text}").into_bytes();
        prop_assert_eq!(received(&[bytes]), (vec![text], None));
    }
}

#[test]
fn one_frame_split_in_two_everywhere_and_byte_by_byte() {
    let text = r#"{"pattern":"echo","data":"é 漢 🦀 # 12#","id":"1"}"#;
    let bytes = [frame(text), frame("{}")].concat();
    let expected = (vec![text.to_owned(), "{}".to_owned()], None);
    for place in 0..=bytes.len() {
        let (one, other) = bytes.split_at(place);
        assert_eq!(received(&[one, other]), expected, "cut at {place}");
    }
    let single: Vec<_> = bytes.chunks(1).collect();
    assert_eq!(received(&single), expected);
}

#[test]
fn what_is_no_length_is_refused() {
    for junk in [
        "#{}",
        "abc#{}",
        "-5#{}",
        "- 5#{}",
        "\u{FEFF}2#{}",
        " #{}",
        "+#",
    ] {
        let (texts, error) = received(&[junk]);
        assert!(texts.is_empty(), "{junk}");
        assert!(
            matches!(error, Some(FrameError::Length(_))),
            "{junk}: {error:?}"
        );
    }
    // Without `#` there is no telling how long to wait.
    let (_, error) = received(&["1".repeat(MAX_HEADER)]);
    assert!(matches!(error, Some(FrameError::Length(_))), "{error:?}");
    let (_, error) = received(&["1".repeat(MAX_HEADER - 1)]);
    assert_eq!(error, None);
}

#[test]
fn a_frame_beyond_the_limit_is_refused_by_its_length() {
    for length in [format!("{}", MAX_UNITS + 1), "9".repeat(40)] {
        let (_, error) = received(&[format!("{length}#")]);
        assert!(
            matches!(error, Some(FrameError::TooLarge { max: MAX_UNITS, .. })),
            "{error:?}"
        );
    }
    assert_eq!(received(&[format!("{MAX_UNITS}#")]), (vec![], None));
}

#[test]
fn a_frame_that_ends_inside_a_character_is_refused() {
    assert_eq!(
        received(&["1#🦀"]),
        (vec![], Some(FrameError::SplitCharacter))
    );
    assert_eq!(received(&["3#a🦀2#{}"]).0, ["a🦀", "{}"]);
}

#[test]
fn a_partial_frame_is_known_as_one() {
    let mut inbox = Inbox::new(MAX_UNITS);
    assert!(!inbox.is_partial());
    for (piece, is_partial) in [("2#{", true), ("}", false), ("1", true), ("#7", false)] {
        inbox.room().extend_from_slice(piece.as_bytes());
        inbox.received();
        assert_eq!(inbox.frames().error, None);
        assert_eq!(inbox.is_partial(), is_partial, "after {piece:?}");
    }
}

/// Were broken bytes repaired one by one, each at the price of all the others,
/// one peer could keep a processor busy for minutes with two megabytes.
#[test]
fn broken_bytes_cost_no_more_than_sound_ones() {
    let bytes = frame_of_bytes(&vec![0xFF; 2 << 20]);
    let pieces: Vec<_> = bytes.chunks(64 << 10).collect();
    let (texts, error) = received(&pieces);
    assert_eq!(error, None);
    assert_eq!(texts[0].chars().count(), 2 << 20);
}
