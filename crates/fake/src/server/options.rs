//! How a server is started: port, world, keys, rate, faults.

use std::time::Duration;

use crate::data;
use crate::faults::Rule;
use crate::world::World;

/// The keys a server accepts.
#[derive(Clone, Debug)]
pub struct Keys {
    /// With Password Access
    pub full: String,
    /// Without it
    pub without_passwords: String,
}

impl Default for Keys {
    /// Two keys in the form of real ones, different each time.
    fn default() -> Self {
        let key = || {
            let random: String = std::iter::repeat_with(fastrand::alphanumeric).take(64).collect();
            format!("ITG.{random}")
        };
        Self { full: key(), without_passwords: key() }
    }
}

/// How many requests in how much time are too many.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rate {
    /// Requests in one window
    pub requests: usize,
    /// The length of the window
    pub window: Duration,
}

impl Default for Rate {
    /// The limit of the real service: 3000 requests in 5 minutes.
    fn default() -> Self {
        Self { requests: 3000, window: Duration::from_secs(300) }
    }
}

/// How to start a server.
#[derive(Debug)]
pub struct Options {
    /// The port on 127.0.0.1; any free one without it
    pub port: Option<u16>,
    /// What it serves
    pub world: World,
    /// Makes what it serves instead of `world`, on the server's own thread: the caller need not wait, and
    /// the first request does
    pub build: Option<fn() -> World>,
    /// The rate limit
    pub rate: Rate,
    /// How long the address of an image works
    pub image_ttl: Duration,
    /// Faults from the start
    pub faults: Vec<Rule>,
    /// The keys it accepts
    pub keys: Keys,
}

impl Default for Options {
    fn default() -> Self {
        Self::with_world(data::demo())
    }
}

impl Options {
    /// The usual settings with a world that is made once the server runs.
    pub fn building(build: fn() -> World) -> Self {
        Self { build: Some(build), ..Self::with_world(World::new()) }
    }

    /// The usual settings with another world.
    pub fn with_world(world: World) -> Self {
        Self {
            port: None,
            world,
            build: None,
            rate: Rate::default(),
            image_ttl: Duration::from_secs(3600),
            faults: Vec::new(),
            keys: Keys::default(),
        }
    }
}
