// Package store is what is remembered: inspections with all that they saw and
// found, and the bodies of pages as evidence.
//
// One data directory holds it:
//
//	xunjian.db           SQLite: inspections, events, findings, where bodies lie
//	evidence/ID-n.pack   bodies by the SHA-256 of what was received: packs to
//	                     which one recorder appends, zstd or gzip as received
//
// With a postgres:// address the rows lie in that database instead; bodies
// stay in the directory. Both databases hold the same tables, and times are
// whole nanoseconds of UTC.
//
// A [Recorder] writes while an inspection runs. Rows go in batches, one
// transaction a second, behind the caller; a process that is killed loses at
// most the batch that was not committed. A pack is synced before the rows that
// speak of it are committed, so a row never names evidence that is not whole,
// and nothing in a pack is ever overwritten. Link targets that are
// fine, of which a site has tens of thousands, are kept as compressed chunks
// of addresses.
//
// What cannot be remembered cannot be proved: a full disk or a dead database
// is an error of the recorder and ends the inspection.
package store
