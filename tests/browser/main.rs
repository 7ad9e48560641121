//! Pages and the live client in real browsers.

#[path = "../harness/mod.rs"]
mod harness;

mod accessibility;
mod ages;
mod behind_proxies;
mod caches;
mod desk;
mod divided_nav;
mod edges;
mod editor_and_following;
mod extras;
mod furniture;
mod instant;
mod kinds_of_pages;
mod lightbox;
mod lists;
mod live_updates;
mod looks;
mod material;
mod mkdocs_themes;
mod notes;
mod overrides;
mod pictures;
mod rarer_loads;
mod reading;
mod real_scripts;
mod review;
mod search;
mod state_goes_by_name;
mod static_review;
mod strict_policies;
mod theme;
mod typing;
mod what_a_page_loads;
mod what_scripts_drew;
mod what_survives_a_save;
