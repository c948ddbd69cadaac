pub struct User {}
