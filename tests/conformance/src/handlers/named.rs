//! Who hears events whose names hold values.

use anywire::{Context, Failure, On};

use super::Heard;
use crate::named::{AdminJoined, Joined, LevelLeft, LevelReached};

impl On<Joined> for Heard {
    async fn on(&self, _: &Context, event: Joined) -> Result<(), Failure> {
        let Joined {
            role,
            user_id,
            text,
        } = event;
        self.hear(&format!("{role} {user_id} {text}")).await
    }
}

impl On<LevelReached> for Heard {
    async fn on(&self, _: &Context, event: LevelReached) -> Result<(), Failure> {
        let LevelReached { level, text } = event;
        self.hear(&format!("{level} {text}")).await
    }
}

impl On<AdminJoined> for Heard {
    async fn on(&self, _: &Context, event: AdminJoined) -> Result<(), Failure> {
        self.hear(&event.text).await
    }
}

impl On<LevelLeft> for Heard {
    async fn on(&self, _: &Context, event: LevelLeft) -> Result<(), Failure> {
        self.hear(&event.text).await
    }
}
