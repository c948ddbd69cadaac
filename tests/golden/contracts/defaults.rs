//! Optional fields and defaults.
#![contract(package = "golden.defaults.v1", rename_all = "camelCase")]

/// A page of a list.
pub struct Page {
    pub nick_name: Option<String>,
    #[default(20)]
    pub page_size: u32,
    #[default(-1.5)]
    pub least: f64,
    #[default(true)]
    pub is_sorted: bool,
    #[default("name")]
    pub sort_by: String,
    #[default]
    pub tags: Vec<String>,
    #[default]
    pub counts: BTreeMap<String, u32>,
    #[default(Descending)]
    pub order: Order,
    #[default("1500ms")]
    pub wait: Duration,
    #[default("0.50")]
    pub price: Decimal,
    #[default(3)]
    pub level: Level,
}

pub enum Order {
    Ascending,
    Descending,
}

pub struct Level(pub u8);
