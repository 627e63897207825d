package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/uptrace/bun"
)

// maxBody bounds what a damaged body may unpack to.
const maxBody = 256 << 20

// The forms in which a body is packed.
const (
	zstdForm = "zstd"
	gzipForm = "gzip" // as the site sent it, which spares compressing it again
)

// A bodyRow is a row of bodies: where the body of a digest lies.
type bodyRow struct {
	bun.BaseModel `bun:"table:bodies,alias:b"`

	Digest string `bun:",pk"`
	Pack   string
	At     int64
	Size   int64
	Form   string
}

// evidence is the directory of packs. Each recorder appends to a pack of its
// own; nothing that was written is ever written again. One file a body would
// be simpler to look at, but making 20,000 files costs a tenth of a whole
// inspection (docs/adr/0006).
type evidence struct {
	dir     string
	encoder *zstd.Encoder
	decoder *zstd.Decoder

	mu   sync.Mutex
	open map[string]*os.File // packs that are read
}

func newEvidence(dir string) (*evidence, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("证据目录 %s 无法创建，请检查权限：%w", dir, err)
	}
	// A goroutine of the library for each would cost more than it gives:
	// bodies are small and compressed whole.
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderCRC(false),
		zstd.WithEncoderConcurrency(runtime.GOMAXPROCS(0)), zstd.WithWindowSize(256<<10))
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxBody))
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	return &evidence{dir: dir, encoder: enc, decoder: dec, open: map[string]*os.File{}}, nil
}

// close closes the packs that are read.
func (e *evidence) close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	var errs []error
	for _, f := range e.open {
		errs = append(errs, f.Close())
	}
	clear(e.open)
	return errors.Join(errs...)
}

func digestOf(body []byte) string {
	sum := sha256.Sum256(body)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// validDigest reports whether a digest is one, and not a path or worse.
func validDigest(digest string) bool {
	hexes, ok := strings.CutPrefix(digest, "sha256:")
	return ok && len(hexes) == 2*sha256.Size && strings.Trim(hexes, "0123456789abcdef") == ""
}

// A pack is the file that one recorder appends bodies to. Each stands behind
// its digest and its length, so that the index could be made anew from packs.
type pack struct {
	e    *evidence
	name string
	f    *os.File
	at   int64 // where the buffer will be written
	buf  []byte
	kept map[string]bool // digests in this pack
}

// packBuffer is how many bytes wait before they are written.
const packBuffer = 256 << 10

// newPack begins a pack of an inspection.
func (e *evidence) newPack(id string) (*pack, error) {
	id = packName(id)
	for n := 1; ; n++ {
		name := fmt.Sprintf("%s-%d.pack", id, n)
		f, err := os.OpenFile(filepath.Join(e.dir, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o640)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		return &pack{e: e, name: name, f: f, kept: map[string]bool{}}, nil
	}
}

// packName is how the packs of an inspection begin.
func packName(id string) string {
	return strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' || r == ':' || r < ' ' {
			return '-'
		}
		return r
	}, id)
}

// add packs a body and says where it lies. The digest is the crawler's, of the
// same bytes: hashing them again would take a third of the time, and reading
// holds every body against its digest anyway.
func (p *pack) add(digest string, raw, wire []byte) (*bodyRow, error) {
	if !validDigest(digest) {
		return nil, fmt.Errorf("evidence: %q is no digest", digest)
	}
	if p.kept[digest] {
		return nil, nil
	}
	p.kept[digest] = true
	p.buf = append(p.buf, digest...)
	p.buf = append(p.buf, 0, 0, 0, 0)
	start, form := len(p.buf), zstdForm
	if len(wire) > 0 {
		p.buf, form = append(p.buf, wire...), gzipForm
	} else {
		p.buf = p.e.encoder.EncodeAll(raw, p.buf)
	}
	size := len(p.buf) - start
	binary.BigEndian.PutUint32(p.buf[start-4:], uint32(size))
	row := &bodyRow{Digest: digest, Pack: p.name, At: p.at + int64(start), Size: int64(size), Form: form}
	if len(p.buf) < packBuffer {
		return row, nil
	}
	return row, p.write()
}

// addPacked adds a body that is packed already.
func (p *pack) addPacked(digest, form string, data []byte) *bodyRow {
	p.buf = append(p.buf, digest...)
	p.buf = binary.BigEndian.AppendUint32(p.buf, uint32(len(data)))
	row := &bodyRow{Digest: digest, Pack: p.name, At: p.at + int64(len(p.buf)), Size: int64(len(data)), Form: form}
	p.buf = append(p.buf, data...)
	return row
}

func (p *pack) write() error {
	n, err := p.f.Write(p.buf)
	p.at += int64(n)
	p.buf = p.buf[:0]
	return err
}

// flush puts what was added on the disk, so that a row never names a body that
// is not there.
func (p *pack) flush() error {
	if err := p.write(); err != nil {
		return err
	}
	return p.f.Sync()
}

// locate finds the body of a digest.
func (s *Store) locate(ctx context.Context, digest string) (*bodyRow, error) {
	if !validDigest(digest) {
		return nil, fmt.Errorf("evidence: %q is no digest", digest)
	}
	row := &bodyRow{Digest: digest}
	err := s.db.NewSelect().Model(row).WherePK().Scan(ctx)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, fmt.Errorf("%w：没有 %s 的存档", ErrDamaged, digest)
	case err != nil:
		return nil, fmt.Errorf("evidence: %w", hint(err, s.dir))
	}
	return row, nil
}

// get is the body that lies at a row's place, held against its digest.
func (e *evidence) get(row *bodyRow) ([]byte, error) {
	data, err := e.raw(row)
	if err != nil {
		return nil, err
	}
	return e.whole(row, data)
}

// raw is what lies at a row's place, packed.
func (e *evidence) raw(row *bodyRow) ([]byte, error) {
	f, err := e.file(row.Pack)
	if err != nil {
		return nil, fmt.Errorf("%w：%s：%w", ErrDamaged, row.Pack, err)
	}
	data := make([]byte, row.Size)
	if _, err := f.ReadAt(data, row.At); err != nil {
		return nil, fmt.Errorf("%w：%s：%w", ErrDamaged, f.Name(), err)
	}
	return data, nil
}

// whole unpacks a body and holds it against its digest.
func (e *evidence) whole(row *bodyRow, data []byte) ([]byte, error) {
	body, err := e.unpack(row.Form, data)
	if err != nil {
		return nil, fmt.Errorf("%w：%s：%w", ErrDamaged, row.Pack, err)
	}
	if digestOf(body) != row.Digest {
		return nil, fmt.Errorf("%w：%s 中 %d 处的内容与摘要不符", ErrDamaged, row.Pack, row.At)
	}
	return body, nil
}

func (e *evidence) unpack(form string, data []byte) ([]byte, error) {
	if form == zstdForm {
		return e.decoder.DecodeAll(data, make([]byte, 0, 4*len(data)))
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(z, maxBody))
}

// file is a pack that is open for reading.
func (e *evidence) file(name string) (*os.File, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if f := e.open[name]; f != nil {
		return f, nil
	}
	if name != filepath.Base(name) {
		return nil, fmt.Errorf("%q is no pack", name)
	}
	f, err := os.Open(filepath.Join(e.dir, name))
	if err != nil {
		return nil, err
	}
	if len(e.open) >= 64 {
		for k, old := range e.open {
			delete(e.open, k)
			old.Close()
			break
		}
	}
	e.open[name] = f
	return f, nil
}

// forget closes a pack that is about to go.
func (e *evidence) forget(name string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if f := e.open[name]; f != nil {
		delete(e.open, name)
		f.Close()
	}
}
