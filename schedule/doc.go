// Package schedule is when things run, and on which worker.
//
//	timetable (cron specs) ─► planner ─► River's queue ─► workers ─► handlers of cmd
//
// River keeps the queue: jobs, retries, priorities, on SQLite and on
// PostgreSQL. What it does not keep is here: the timetable, so that what
// fell due while nothing ran is made up once and spread; and leases, so that
// the jobs of a process that died are taken up within a minute instead of
// after their longest running time, and so that a site is crawled by one
// worker at a time even when a worker froze and comes back.
//
//	kind.go      the kinds of job: queue, priority, time limit
//	entry.go     a line of the timetable: when a target is due; pure
//	planner.go   enqueues what is due
//	lease.go     who is alive, who holds what
//	engine.go    River's client, made and stopped
//	jobs.go      what people ask of the queue: list, retry, cancel, ask
package schedule
