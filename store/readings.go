package store

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"hash/maphash"
	"slices"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/uptrace/bun"

	"github.com/xunjian/xunjian/inspect"
)

// chunkReadings is how many readings share a row: pages of a site say much the
// same, so that together they pack into a tenth.
const chunkReadings = 64

// A readingRow is a row of readings: those of some pages, packed.
type readingRow struct {
	bun.BaseModel `bun:"table:readings,alias:g"`

	Inspection string `bun:",pk"`
	N          int64  `bun:",pk"` // number of the first page's event
	Key        string
	URLs       []byte `bun:"urls"` // a hash of each address, in order
	Data       []byte
}

func urlHash(u string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(u))
	return h.Sum64()
}

// A readingChunk gathers readings until they make a row.
type readingChunk struct {
	first   int64
	key     string
	urls    []byte
	body    []byte
	strings map[string]uint64
	texts   []byte
	n       int
}

// add takes a reading in; it must have the chunk's key.
func (c *readingChunk) add(seq int64, x *inspect.Reading) {
	if c.n == 0 {
		*c = readingChunk{first: seq, key: x.Key, strings: map[string]uint64{}}
	}
	c.n++
	c.urls = binary.BigEndian.AppendUint64(c.urls, urlHash(x.URL))
	c.string(x.URL, x.Digest, x.Body, x.ETag, x.LastModified, x.Type, x.Charset, x.CharsetFrom, x.Facts)
	c.number(uint64(x.From), uint64(x.Until), uint64(x.Depth), x.Print, uint64(x.Due), uint64(len(x.Links)))
	for i := range x.Links {
		l := &x.Links[i]
		c.string(string(l.Kind), l.URL, l.Text())
	}
	for _, list := range [][]inspect.Record{x.Findings, x.Gathered} {
		c.number(uint64(len(list)))
		for i := range list {
			c.string(list[i].Check, list[i].JSON)
		}
	}
}

func (c *readingChunk) number(n ...uint64) {
	for _, n := range n {
		c.body = binary.AppendUvarint(c.body, n)
	}
}

// string writes strings as numbers of the chunk's table.
func (c *readingChunk) string(s ...string) {
	for _, s := range s {
		id, ok := c.strings[s]
		if !ok {
			id = uint64(len(c.strings))
			c.strings[s] = id
			c.texts = append(binary.AppendUvarint(c.texts, uint64(len(s))), s...)
		}
		c.body = binary.AppendUvarint(c.body, id)
	}
}

// row packs the chunk, and empties it.
func (c *readingChunk) row(id string, e *zstd.Encoder) readingRow {
	raw := binary.AppendUvarint(nil, uint64(len(c.strings)))
	raw = append(append(raw, c.texts...), c.body...)
	row := readingRow{Inspection: id, N: c.first, Key: c.key, URLs: c.urls, Data: e.EncodeAll(raw, nil)}
	*c = readingChunk{}
	return row
}

// An unpacker reads a chunk; what it meets beyond the end are zeros, and bad.
type unpacker struct {
	rest  []byte
	table []string
	bad   bool
}

func (u *unpacker) number() uint64 {
	n, size := binary.Uvarint(u.rest)
	if size <= 0 {
		u.bad, u.rest = true, nil
		return 0
	}
	u.rest = u.rest[size:]
	return n
}

// count is a number of things of which each takes a byte at least.
func (u *unpacker) count() int {
	n := u.number()
	if n > uint64(len(u.rest)) {
		u.bad, u.rest = true, nil
		return 0
	}
	return int(n)
}

func (u *unpacker) string() string {
	n := u.number()
	if n >= uint64(len(u.table)) {
		u.bad = true
		return ""
	}
	return u.table[n]
}

// strings reads the table. Each string is a copy of its own: what the crawl
// keeps of a page, such as an address that waits, keeps no other page alive.
func (u *unpacker) strings() {
	n := u.count()
	u.table = make([]string, 0, n)
	for range n {
		size := u.count()
		u.table = append(u.table, string(u.rest[:size]))
		u.rest = u.rest[size:]
	}
}

func (u *unpacker) reading(key string) *inspect.Reading {
	x := &inspect.Reading{Key: key, URL: u.string(), Digest: u.string(), Body: u.string(), ETag: u.string(), LastModified: u.string(), Type: u.string(),
		Charset: u.string(), CharsetFrom: u.string(), Facts: u.string()}
	x.From, x.Until, x.Depth, x.Print, x.Due = int64(u.number()), int64(u.number()), int(u.number()), u.number(), int(u.number())
	x.Links = make([]inspect.Link, 0, u.count())
	for range cap(x.Links) {
		x.Links = append(x.Links, inspect.Said(inspect.LinkKind(u.string()), u.string(), u.string()))
	}
	for _, list := range []*[]inspect.Record{&x.Findings, &x.Gathered} {
		for range u.count() {
			*list = append(*list, inspect.Record{Check: u.string(), JSON: u.string()})
		}
	}
	return x
}

// readings unpacks a row. Damage is an error: the pages are read anew then.
func (s *Store) readings(row *readingRow) ([]*inspect.Reading, error) {
	raw, err := s.ev.decoder.DecodeAll(row.Data, nil)
	if err != nil {
		return nil, fmt.Errorf("readings of %s: %w：%w", row.Inspection, ErrDamaged, err)
	}
	u := &unpacker{rest: raw}
	u.strings()
	out := make([]*inspect.Reading, 0, len(row.URLs)/8)
	for range cap(out) {
		out = append(out, u.reading(row.Key))
	}
	if u.bad {
		return nil, fmt.Errorf("readings of %s: %w", row.Inspection, ErrDamaged)
	}
	return out, nil
}

// An Earlier is what the last complete inspection of the whole of a site left
// of its pages, for the next. It answers a crawler.
type Earlier struct {
	s     *Store
	id    string // of that inspection; "" if there is nothing
	key   string
	now   time.Time
	index map[uint64]spot

	mu     sync.Mutex
	chunks []*openChunk // opened last comes first
}

type spot struct {
	n int64 // of the row
	i int
}

type openChunk struct {
	n    int64
	list []*inspect.Reading // nil: it is damaged
}

// openChunks is how many rows are kept unpacked: a crawl comes to pages nearly
// in the order in which the last one did.
const openChunks = 12

// Earlier finds what was left by an inspection whose readings have the key and
// would come out the same on the day of now.
func (s *Store) Earlier(ctx context.Context, siteID, key string, now time.Time) (*Earlier, error) {
	e := &Earlier{s: s, key: key, now: now, index: map[uint64]spot{}}
	rows, err := s.list(ctx, last(siteID, Whole))
	if err != nil || len(rows) == 0 || key == "" {
		return e, err
	}
	e.id = rows[0].ID
	var chunks []readingRow
	if err := s.db.NewSelect().Model(&chunks).Column("n", "urls").Where("inspection = ? AND key = ?", e.id, key).Scan(ctx); err != nil {
		return nil, fmt.Errorf("readings of %s: %w", e.id, hint(err, s.dir))
	}
	for i := range chunks {
		for k := range len(chunks[i].URLs) / 8 {
			e.index[binary.BigEndian.Uint64(chunks[i].URLs[8*k:])] = spot{chunks[i].N, k}
		}
	}
	return e, nil
}

// Len is how many pages have a reading.
func (e *Earlier) Len() int { return len(e.index) }

// find is the reading of an address, nil if there is none.
func (e *Earlier) find(ctx context.Context, u string) *inspect.Reading {
	at, ok := e.index[urlHash(u)]
	if !ok {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	i := slices.IndexFunc(e.chunks, func(c *openChunk) bool { return c.n == at.n })
	if i < 0 {
		if len(e.chunks) >= openChunks {
			e.chunks = e.chunks[:openChunks-1]
		}
		e.chunks = slices.Insert(e.chunks, 0, e.open(ctx, at.n))
	} else if i > 0 {
		c := e.chunks[i]
		copy(e.chunks[1:i+1], e.chunks[:i])
		e.chunks[0] = c
	}
	list := e.chunks[0].list
	if at.i >= len(list) || list[at.i].URL != u {
		return nil
	}
	return list[at.i]
}

func (e *Earlier) open(ctx context.Context, n int64) *openChunk {
	row := readingRow{Inspection: e.id, N: n}
	c := &openChunk{n: n}
	if err := e.s.db.NewSelect().Model(&row).WherePK().Scan(ctx); err == nil {
		c.list, _ = e.s.readings(&row) // what is damaged is read anew
	}
	return c
}

// Validators is as of the Store, without asking it for pages with a reading.
func (e *Earlier) Validators(ctx context.Context, site, url string) (etag, lastModified, digest string, ok bool) {
	if x := e.find(ctx, url); x != nil {
		return x.ETag, x.LastModified, x.Digest, true
	}
	return e.s.Validators(ctx, site, url)
}

// Body is as of the Store.
func (e *Earlier) Body(ctx context.Context, digest string) ([]byte, error) {
	return e.s.Body(ctx, digest)
}

// Reading is what was made of a page of these bytes, if that would come out
// the same today; else nil. The caller may change it.
func (e *Earlier) Reading(ctx context.Context, url, digest string) *inspect.Reading {
	x := e.find(ctx, url)
	if x == nil || x.Digest != digest || !x.HoldsOn(e.now) {
		return nil
	}
	y := *x
	return &y
}

// Reading is nothing: readings are found by [Store.Earlier].
func (s *Store) Reading(context.Context, string, string) *inspect.Reading { return nil }

// read takes the reading of a page into the chunk that is being filled.
func (r *Recorder) read(b *batch, seq int64, x *inspect.Reading) {
	if r.chunk.n > 0 && (r.chunk.n >= chunkReadings || r.chunk.key != x.Key) {
		b.readings = append(b.readings, r.chunk.row(r.id, r.s.ev.encoder))
	}
	r.chunk.add(seq, x)
}

// forgetReadings forgets those of earlier inspections: only the last complete
// one is asked.
func (r *Recorder) forgetReadings(ctx context.Context, tx bun.Tx, site string) error {
	_, err := tx.NewDelete().Model((*readingRow)(nil)).Where("inspection <> ?", r.id).
		Where("inspection IN (?)", tx.NewSelect().Model((*inspectionRow)(nil)).Column("id").Where("site_id = ?", cmp.Or(site, "-"))).Exec(ctx)
	return err
}

// Opened tells of a link target whether the last complete inspection of the
// whole of a site found it fine. Pages of others are not among them: what they
// call themselves is looked at every time.
func (s *Store) Opened(ctx context.Context, siteID string) (func(url string) bool, error) {
	seed := maphash.MakeSeed()
	fine := map[uint64]struct{}{}
	var rows []eventRow
	err := s.db.NewSelect().Model(&rows).Column("links").Where("kind = ? AND inspection = (?)", linksRow,
		complete(siteID, Whole)(s.db.NewSelect().Model((*inspectionRow)(nil)).Column("id")).OrderExpr("started DESC, id DESC").Limit(1)).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("links of %s: %w", siteID, hint(err, s.dir))
	}
	for i := range rows {
		text, err := s.ev.decoder.DecodeAll(rows[i].Links, nil)
		if err != nil {
			return nil, fmt.Errorf("links of %s: %w：%w", siteID, ErrDamaged, err)
		}
		for _, u := range linkLines(string(text)) {
			fine[maphash.String(seed, u)] = struct{}{}
		}
	}
	return func(u string) bool { _, ok := fine[maphash.String(seed, clean(u))]; return ok }, nil
}

// Readings are how many pages have a reading, by inspection.
func (s *Store) Readings(ctx context.Context) (map[string]int, error) {
	var rows []readingRow
	if err := s.db.NewSelect().Model(&rows).Column("inspection", "urls").Scan(ctx); err != nil {
		return nil, fmt.Errorf("readings: %w", hint(err, s.dir))
	}
	out := map[string]int{}
	for i := range rows {
		out[rows[i].Inspection] += len(rows[i].URLs) / 8
	}
	return out, nil
}
