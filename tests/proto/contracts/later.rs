//! A later version of some of the kinds.
#![contract(package = "later.v1", encodings(json, proto))]

pub struct Empty {
    #[n(1)]
    pub number: i64,
    #[n(2)]
    pub text: String,
    #[n(3)]
    pub single: f32,
    #[n(4)]
    pub double: f64,
    #[n(5)]
    pub list: Vec<u32>,
    #[n(6)]
    pub mood: Mood,
    #[n(7)]
    pub notice: Notice,
}

pub enum Mood {
    Good = 1,
    Fair = 2,
    Foul = 70,
}

pub enum Notice {
    Said {
        #[n(1)]
        text: String,
    } = 1,
    Done = 2,
    Moved {
        #[n(1)]
        to: String,
        #[n(2)]
        by: i32,
    } = 3,
}

/// Holds what may not be known.
pub struct Unsure {
    #[n(1)]
    pub mood: Mood,
    #[n(2)]
    pub moods: Vec<Mood>,
    #[n(3)]
    pub notice: Notice,
    #[n(4)]
    pub notices: BTreeMap<String, Notice>,
}

#[service]
pub trait Later {
    #[event("later.changed")]
    fn changed(empty: Empty, unsure: Unsure);
}
