//! The hub, played from outside. One file a feature; one file a rule of the house.

mod architecture;
mod doors;
mod exports;
mod noninterference;
mod openapi;
mod operations;
mod policy;
mod revocation;
mod scene;
mod statements;
mod twins;

mod acts;
mod as2;
mod calls;
mod catalogue;
mod command_line;
mod crash;
mod directs;
mod files;
mod forum;
mod funds;
mod imports;
mod jobs;
mod journey;
mod logs;
mod moderation;
mod nodes;
#[path = "../../services/exchange/src/scenes/openssh.rs"]
mod openssh;
mod own;
mod push;
mod quiet;
mod quotes;
mod retention;
mod search;
mod search_load;
mod sessions;
mod sharing;
mod sheets;
mod smtp;
mod sockets;
mod torture;
