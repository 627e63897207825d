package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/uptrace/bun"
	"golang.org/x/sync/semaphore"

	"github.com/xunjian/xunjian/inspect"
)

const (
	batchRows  = 500         // rows of one transaction
	batchTime  = time.Second // between transactions
	chunkLinks = 1000        // addresses in one row
	queueLen   = 1024        // events that wait for the writer
	queueBytes = 8 << 20     // bytes of bodies that wait
)

// A Header is what is known of an inspection when it begins.
type Header struct {
	ID                         string
	Site                       *inspect.Site
	Now, Started               time.Time
	RulebookID, RulebookDigest string
	Options                    json.RawMessage // how it was asked; null: not said
	Scope                      Scope           // which part of the site is looked at
}

// A Scope says which part of a site an inspection looks at. Each has its own
// past: what is known of a list is not what is known of the whole site.
type Scope string

// The scopes.
const (
	Whole Scope = ""
	Lists Scope = "columns" // the home page and the lists of its columns
	Pages Scope = "pages"   // some pages, looked at again
)

// Begin notes that an inspection begins. Its id must be new.
func (s *Store) Begin(ctx context.Context, h *Header) error {
	site, err := json.Marshal(h.Site)
	if err != nil {
		return fmt.Errorf("begin %s: %w", h.ID, err)
	}
	options := string(h.Options)
	if options == "" {
		options = "null"
	}
	row := &inspectionRow{ID: h.ID, SiteID: h.Site.ID, Site: string(site), Now: nanos(h.Now), Started: nanos(h.Started),
		RulebookID: h.RulebookID, RulebookDigest: h.RulebookDigest, Options: options, Counts: "{}", Grade: "{}", Clocks: "[]", Seen: "{}", Scope: string(h.Scope)}
	if _, err := s.db.NewInsert().Model(row).Exec(ctx); err != nil {
		return fmt.Errorf("begin %s: %w", h.ID, hint(err, s.dir))
	}
	return nil
}

// A Recorder records one inspection. It is told of events by one goroutine.
type Recorder struct {
	s     *Store
	id    string
	fence int64 // 0: it takes the inspection over
	next  int64 // number of the next event

	begin sync.Once
	err   error // of the beginning
	in    chan entry
	room  *semaphore.Weighted
	dead  atomic.Pointer[error] // why nothing is written any more
	end   sync.Once
	quit  chan struct{} // closed: nothing more comes
	done  chan struct{} // closed: the writer has ended
	last  error         // of the writer, once done
	pack  *pack         // of the writer; nil until a body is kept
	chunk readingChunk  // of the writer
	whole string        // the site, when all of it is looked at; else ""

	beforeCommit func() // of tests; or nil
}

// An entry is a row on its way to the writer, with the body to keep.
type entry struct {
	row  eventRow
	body []byte // nil: there is none, or it is kept already
	wire []byte // the same as it came gzipped, or nil
	link string // a fine link target, instead of a row
	size int64  // of room
	read *inspect.Reading
}

// Recorder records the inspection of an id that was begun. When a part of it
// is recorded already, what comes now follows that; pages that were skipped
// and sources of accounts are due again and forgotten.
//
// An earlier recorder of the same inspection, in whichever process, can write
// nothing more.
func (s *Store) Recorder(id string) inspect.Recorder { return s.Recording(id, 0) }

// Claim takes an inspection over, and returns what Recording needs to prove it.
func (s *Store) Claim(ctx context.Context, id string) (fence int64, err error) {
	err = s.db.NewRaw("UPDATE inspections SET fence = fence + 1 WHERE id = ? RETURNING fence", id).Scan(ctx, &fence)
	if err != nil {
		return 0, fmt.Errorf("claim %s: %w", id, hint(err, s.dir))
	}
	return fence, nil
}

// Recording records an inspection that was claimed. Once another has claimed
// it, nothing is written any more: the error is [ErrTaken].
func (s *Store) Recording(id string, fence int64) inspect.Recorder {
	return &Recorder{s: s, id: id, fence: fence, in: make(chan entry, queueLen), room: semaphore.NewWeighted(queueBytes), quit: make(chan struct{}), done: make(chan struct{})}
}

// start reads where the record stands and starts the writer.
func (r *Recorder) start(ctx context.Context) error {
	r.begin.Do(func() {
		row := &inspectionRow{ID: r.id}
		if err := r.s.db.NewSelect().Model(row).WherePK().Scan(ctx); err != nil {
			r.err = fmt.Errorf("record %s: %w", r.id, hint(err, r.s.dir))
			return
		}
		if row.Complete {
			r.err = fmt.Errorf("record %s: %w", r.id, ErrDone)
			return
		}
		if r.fence == 0 {
			if r.fence, r.err = r.s.Claim(ctx, r.id); r.err != nil {
				return
			}
		} else if row.Fence != r.fence {
			r.err = fmt.Errorf("record %s: %w", r.id, ErrTaken)
			return
		}
		if err := r.forgetUnasked(ctx); err != nil {
			r.err = fmt.Errorf("record %s: %w", r.id, hint(err, r.s.dir))
			return
		}
		last, err := r.s.lastSeq(ctx, r.id)
		if err != nil {
			r.err = fmt.Errorf("record %s: %w", r.id, hint(err, r.s.dir))
			return
		}
		r.next = last + 1
		if Scope(row.Scope) == Whole {
			r.whole = row.SiteID
		}
		r.s.mu.Lock()
		r.s.recorders[r] = true
		r.s.mu.Unlock()
		go r.write()
	})
	return r.err
}

// forgetUnasked forgets what an earlier run did not come to, or could not tell
// for reasons of its own: it is due again ([inspect.Event.DueAgain]).
func (r *Recorder) forgetUnasked(ctx context.Context) error {
	_, err := r.s.db.NewDelete().Model((*eventRow)(nil)).Where("inspection = ?", r.id).
		Where("kind IN (?, ?) OR kind IN (?, ?) AND verdict = ? AND cause IN (?, ?)", skipRow, feedRow, targetRow, pageRow, string(inspect.CouldNotTell), string(inspect.Budget), string(inspect.OwnFault)).Exec(ctx)
	return err
}

// hold makes a transaction fail once another has claimed the inspection.
func (r *Recorder) hold(ctx context.Context, tx bun.Tx) error {
	res, err := tx.NewRaw("UPDATE inspections SET fence = fence WHERE id = ? AND fence = ?", r.id, r.fence).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrTaken)
	}
	return nil
}

// lastSeq is the number of the last event; 0 if there is none. A chunk of
// links takes one number for all.
func (s *Store) lastSeq(ctx context.Context, id string) (int64, error) {
	var n int64
	err := s.db.NewSelect().Model((*eventRow)(nil)).ColumnExpr("COALESCE(MAX(seq), 0)").Where("inspection = ?", id).Scan(ctx, &n)
	return n, err
}

// Event takes an event to be written. The error may be of an earlier one:
// nothing is lost silently, the inspection has to end.
func (r *Recorder) Event(ctx context.Context, e inspect.Event) error {
	if err := r.start(ctx); err != nil {
		return err
	}
	if err := r.dead.Load(); err != nil {
		return *err
	}
	select {
	case <-r.quit:
		return fmt.Errorf("record %s: %w", r.id, ErrDone)
	default:
	}
	var x entry
	switch {
	case e.Page != nil:
		var err error
		if x, err = pageEntry(r.id, pageRow, r.next, e.Page); err != nil {
			return fmt.Errorf("record %s: %w", r.id, err)
		}
	case e.Answer != nil:
		var err error
		if x, err = pageEntry(r.id, answerRow, r.next, e.Answer); err != nil {
			return fmt.Errorf("record %s: %w", r.id, err)
		}
	case e.Shown != nil:
		shown, err := json.Marshal(e.Shown)
		if err != nil {
			return fmt.Errorf("record %s: %w", r.id, err)
		}
		x.row = eventRow{Inspection: r.id, Seq: r.next, Kind: shownRow, URL: clean(e.Shown.URL), Links: r.s.ev.encoder.EncodeAll(shown, nil)}
	case e.Feed != nil:
		feed, err := json.Marshal(e.Feed)
		if err != nil {
			return fmt.Errorf("record %s: %w", r.id, err)
		}
		c := e.Feed
		x.row = eventRow{Inspection: r.id, Seq: r.next, Kind: feedRow, URL: clean(c.URL), Status: c.Status, Verdict: string(c.Verdict), Cause: string(c.Cause),
			Fetched: nanos(c.At), Digest: c.Digest, Links: r.s.ev.encoder.EncodeAll(feed, nil)}
	case e.Probe != nil:
		probe, err := json.Marshal(e.Probe)
		if err != nil {
			return fmt.Errorf("record %s: %w", r.id, err)
		}
		x.row = eventRow{Inspection: r.id, Seq: r.next, Kind: probeRow, URL: clean(e.Probe.URL), Probe: clean(string(probe))}
	case e.Skip != nil:
		x.row = targetOf(r.id, skipRow, r.next, e.Skip)
	case e.Target != nil && e.Target.Verdict == inspect.Fine && e.Target.Title == "" && e.Target.Opening == "":
		x = entry{link: e.Target.URL, row: eventRow{Seq: r.next}}
	case e.Target != nil:
		x.row = targetOf(r.id, targetRow, r.next, e.Target)
	default:
		return nil
	}
	r.next++
	if x.size > 0 {
		if err := r.room.Acquire(ctx, x.size); err != nil {
			return fmt.Errorf("record %s: %w", r.id, err)
		}
	}
	select {
	case r.in <- x:
		return nil
	case <-r.quit:
		return fmt.Errorf("record %s: %w", r.id, ErrDone)
	case <-ctx.Done():
		return fmt.Errorf("record %s: %w", r.id, ctx.Err())
	}
}

// pageEntry is a page with the body to keep: of an attachment its text, and
// where there are values that nobody may keep, their masks in their place.
func pageEntry(id, kind string, seq int64, p *inspect.Page) (entry, error) {
	x := entry{row: pageOf(id, kind, seq, p), body: p.Raw, wire: p.Wire}
	if p.Document != nil && p.Unchanged && p.Reading != nil { // the last inspection kept its text
		x.row.Body, x.row.IsDocument, x.row.Charset, x.row.CharsetFrom = p.Reading.Body, true, "utf-8", "kept"
		x.read = p.Reading
		return x, nil
	}
	if len(p.Secrets) > 0 || p.Document != nil {
		if err := x.conceal(p); err != nil {
			return x, err
		}
	}
	if x.read = p.Reading; p.Document != nil && x.read != nil {
		if x.read.Body = x.row.Body; !x.row.Kept {
			x.read = nil
		}
	}
	x.size = min(int64(len(x.body)), queueBytes)
	if x.row.Kept && x.row.Digest == "" {
		x.row.Digest = digestOf(x.body)
	}
	if p.Unchanged && x.row.Body == "" { // the last inspection has the same bytes
		x.body, x.wire, x.size = nil, nil, 0
	}
	return x, nil
}

// conceal makes of an entry one that holds no secrets. A body of which that
// cannot be said is not kept at all.
func (x *entry) conceal(p *inspect.Page) error {
	text := string(p.Body)
	if p.Document != nil {
		b, err := json.Marshal(p.Document)
		if err != nil {
			return err
		}
		text, x.row.IsDocument = string(b), true
	}
	masked, ok := p.Concealed(text)
	if len(p.Sealed) > 0 {
		b, err := json.Marshal(p.Sealed)
		if err != nil {
			return err
		}
		x.row.Sealed = clean(string(b))
	}
	x.body, x.wire, x.row.Kept = nil, nil, ok
	if ok {
		x.body = []byte(masked)
		x.row.Body = digestOf(x.body)
		x.row.Charset, x.row.CharsetFrom = "utf-8", "kept"
	}
	return nil
}

// stop waits until the writer has written what it was given.
func (r *Recorder) stop() error {
	r.end.Do(func() { close(r.quit) })
	<-r.done
	r.s.mu.Lock()
	delete(r.s.recorders, r)
	r.s.mu.Unlock()
	return r.last
}

// A batch is what one transaction writes.
type batch struct {
	rows     []eventRow
	bodies   []bodyRow
	readings []readingRow
	links    []string
	first    int64 // number of the first link
}

// write is the background writer. After an error it goes on taking entries,
// so that nobody waits for it, and writes none.
func (r *Recorder) write() {
	defer close(r.done)
	defer func() {
		if r.pack != nil {
			if err := r.pack.f.Close(); r.last == nil {
				r.last = err
			}
		}
	}()
	tick := time.NewTicker(batchTime)
	defer tick.Stop()
	b := &batch{}
	fail := func(err error) {
		if err != nil && r.last == nil {
			err = fmt.Errorf("record %s: %w", r.id, hint(err, r.s.dir))
			r.last = err
			r.dead.Store(&err)
		}
	}
	one := func(x entry) {
		if r.last == nil {
			fail(r.take(b, x))
		}
		r.room.Release(x.size)
		if r.last == nil && len(b.rows) >= batchRows {
			fail(r.flush(b))
		}
	}
	for {
		select {
		case x := <-r.in:
			one(x)
		case <-tick.C:
			if r.last == nil {
				fail(r.flush(b))
			}
		case <-r.quit:
			for len(r.in) > 0 {
				one(<-r.in)
			}
			if r.chunk.n > 0 {
				b.readings = append(b.readings, r.chunk.row(r.id, r.s.ev.encoder))
			}
			if r.last == nil {
				fail(r.flush(b))
			}
			return
		}
	}
}

// take adds an entry to the batch; its body is kept first.
func (r *Recorder) take(b *batch, x entry) error {
	if x.link != "" {
		if len(b.links) == 0 {
			b.first = x.row.Seq
		}
		if b.links = append(b.links, x.link); len(b.links) >= chunkLinks {
			b.chunk(r)
		}
		return nil
	}
	if x.body != nil {
		if err := r.keep(b, x); err != nil {
			return err
		}
	}
	b.rows = append(b.rows, x.row)
	if x.read != nil && r.whole != "" {
		r.read(b, x.row.Seq, x.read)
	}
	return nil
}

// keep packs the body of an entry; the pack begins with the first.
func (r *Recorder) keep(b *batch, x entry) error {
	if r.pack == nil {
		p, err := r.s.ev.newPack(r.id)
		if err != nil {
			return err
		}
		r.pack = p
	}
	row, err := r.pack.add(cmp.Or(x.row.Body, x.row.Digest), x.body, x.wire)
	if row != nil {
		b.bodies = append(b.bodies, *row)
	}
	return err
}

// chunk makes a row of the links gathered.
func (b *batch) chunk(r *Recorder) {
	if len(b.links) == 0 {
		return
	}
	text := clean(strings.Join(b.links, "\n"))
	b.rows = append(b.rows, eventRow{Inspection: r.id, Seq: b.first, Kind: linksRow, Status: len(b.links),
		Links: r.s.ev.encoder.EncodeAll([]byte(text), nil)})
	b.links = b.links[:0]
}

// stillKept makes sure that the bodies of unchanged pages, which an earlier
// inspection kept, were not pruned since the pages were asked for.
func (s *Store) stillKept(ctx context.Context, tx bun.Tx, rows []eventRow) error {
	want := map[string]bool{}
	for i := range rows {
		if r := &rows[i]; r.Kept && r.Unchanged && r.Body == "" {
			want[r.Digest] = true
		}
	}
	for part := range slices.Chunk(slices.Collect(maps.Keys(want)), batchRows) {
		n, err := tx.NewSelect().Model((*bodyRow)(nil)).Where("digest IN (?)", bun.List(part)).Count(ctx)
		if err != nil {
			return err
		}
		if missing := int64(len(part)) - n; missing > 0 {
			return fmt.Errorf("%w：%d 个未变化的页面的存档已被清理，请以 --resume 继续，它们会重新读取", ErrDamaged, missing)
		}
	}
	return nil
}

// flush commits the batch in one transaction.
func (r *Recorder) flush(b *batch) error {
	b.chunk(r)
	if len(b.rows)+len(b.readings) == 0 {
		return nil
	}
	if r.pack != nil {
		if err := r.pack.flush(); err != nil {
			return err
		}
	}
	// Not the caller's context: what was seen until a stop is still kept.
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	err := r.s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := errors.Join(r.s.naming(ctx, tx), r.hold(ctx, tx)); err != nil {
			return err
		}
		if err := r.s.stillKept(ctx, tx, b.rows); err != nil {
			return err
		}
		for part := range slices.Chunk(b.bodies, batchRows) {
			// A body that an earlier inspection kept stays where it is.
			if _, err := tx.NewInsert().Model(&part).On("CONFLICT (digest) DO NOTHING").Exec(ctx); err != nil {
				return err
			}
		}
		for part := range slices.Chunk(b.rows, batchRows) {
			if _, err := tx.NewInsert().Model(&part).Exec(ctx); err != nil {
				return err
			}
		}
		for i := range b.readings {
			if _, err := tx.NewInsert().Model(&b.readings[i]).Exec(ctx); err != nil {
				return err
			}
		}
		if r.beforeCommit != nil {
			r.beforeCommit()
		}
		return nil
	})
	clear(b.rows)
	b.rows, b.bodies, b.readings = b.rows[:0], b.bodies[:0], nil
	return err
}
