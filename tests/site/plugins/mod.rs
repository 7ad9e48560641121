//! What plugins do to a site, on sites in memory. What is expected was taken
//! from the plugins themselves.

mod autorefs;
mod delivery;
mod exclude;
mod glightbox;
mod history;
mod include;
mod macro_variables;
mod macros;
mod missing;
mod nav_faults;
mod navs;
mod redirects;
mod rss;
mod search;
mod social;
mod tags;
mod typeset;
mod withheld;

use crate::harness::memory::MemorySite as Site;
