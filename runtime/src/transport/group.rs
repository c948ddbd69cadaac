//! Groups: each event reaches one member.

/// Who gets an event: everybody without a group, and of each group the member
/// whose turn it is.
pub(super) fn receivers<'a, T>(
    all: &'a [T],
    turn: usize,
    group: impl Fn(&'a T) -> Option<&'a str> + Copy + 'a,
) -> impl Iterator<Item = &'a T> {
    all.iter().enumerate().filter_map(move |(at, one)| {
        let Some(own) = group(one) else {
            return Some(one);
        };
        let is_member = |other: &&'a T| group(other) == Some(own);
        let members = all.iter().filter(is_member).count();
        let place = all[..at].iter().filter(is_member).count();
        (turn % members == place).then_some(one)
    })
}
