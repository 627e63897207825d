// Package store is what is remembered: inspections with all that they saw and
// found, and the bodies of pages as evidence.
//
// One data directory holds it:
//
//	xunjian.db             SQLite: inspections, events, findings
//	evidence/ab/cd….zst    bodies by the SHA-256 of what was received, zstd
//
// With a postgres:// address the rows lie in that database instead; bodies
// stay in the directory. Both databases hold the same tables, and times are
// whole nanoseconds of UTC.
//
// A [Recorder] writes while an inspection runs. Rows go in batches, one
// transaction a second, behind the caller; a process that is killed loses at
// most the batch that was not committed. A body is renamed into place before
// its row is committed, so a row never names evidence that is not whole, and
// it is written once: evidence is never overwritten. Link targets that are
// fine, of which a site has tens of thousands, are kept as compressed chunks
// of addresses.
//
// What cannot be remembered cannot be proved: a full disk or a dead database
// is an error of the recorder and ends the inspection.
package store
