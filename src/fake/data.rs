//! The content of the demo.

use super::world::World;

/// The demo's world.
pub fn demo() -> World {
    World::new()
}
