package store

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"
)

// ErrArchive says that an archive is cut, altered or none of ours.
var ErrArchive = errors.New("存档文件不完整、被改动，或不是巡检的存档")

// An archive is a tar of rows as JSON lines and of bodies as packs, in zstd; it
// is the same whichever database it came from:
//
//	xunjian.json                           what it is
//	bodies/000001.pack                     bodies, each behind digest and length
//	inspections/000001/inspection.json     one inspection, then its rows
//	inspections/000001/events-000001.jsonl
//	inspections/000001/findings-000001.jsonl
//	tables/probes-000001.jsonl             rows of the other tables
//	manifest.json                          name, size and SHA-256 of all before it
const (
	archiveFormat = "xunjian.archive/1"
	headName      = "xunjian.json"
	manifestName  = "manifest.json"
	entryBytes    = 4 << 20   // after which an entry ends and the next begins
	maxEntry      = 512 << 20 // of one that is read
)

// A Head says what an archive is.
type Head struct {
	Format string    `json:"format"`
	Made   time.Time `json:"made"`
	Site   string    `json:"site,omitempty"` // the only one of which it holds inspections
	Backup bool      `json:"backup"`         // it holds everything
}

// An Archived says what an archive holds.
type Archived struct {
	Head
	Inspections int      `json:"inspections"`
	Rows        int64    `json:"rows"`
	Bodies      int64    `json:"bodies"`
	Bytes       int64    `json:"bytes"`             // of bodies, as packed
	Damaged     []string `json:"damaged,omitempty"` // digests of bodies that could not be read, and are not in it
}

type manifest struct {
	Entries []manifestEntry `json:"entries"`
	Archived
}

type manifestEntry struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

func hexSum(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// An archiver writes an archive.
type archiver struct {
	zip *zstd.Encoder
	tar *tar.Writer
	m   manifest
}

func newArchiver(w io.Writer, h Head) (*archiver, error) {
	zip, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	a := &archiver{zip: zip, tar: tar.NewWriter(zip)}
	a.m.Head = h
	raw, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	return a, a.add(headName, raw)
}

func (a *archiver) add(name string, data []byte) error {
	if err := a.write(name, data); err != nil {
		return err
	}
	a.m.Entries = append(a.m.Entries, manifestEntry{name, int64(len(data)), hexSum(data)})
	return nil
}

func (a *archiver) write(name string, data []byte) error {
	h := &tar.Header{Name: name, Size: int64(len(data)), Mode: 0o640, ModTime: a.m.Made, Format: tar.FormatPAX}
	if err := a.tar.WriteHeader(h); err != nil {
		return err
	}
	_, err := a.tar.Write(data)
	return err
}

// end writes the manifest. An archive without one is none.
func (a *archiver) end() error {
	raw, err := json.Marshal(a.m)
	if err != nil {
		return err
	}
	return errors.Join(a.write(manifestName, raw), a.tar.Close(), a.zip.Close())
}

// lines gathers rows into entries of a name.
type lines struct {
	a    *archiver
	name string
	n    int
	buf  bytes.Buffer
}

func (l *lines) add(row any) error {
	enc := json.NewEncoder(&l.buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(row); err != nil {
		return err
	}
	l.a.m.Rows++
	if l.buf.Len() < entryBytes {
		return nil
	}
	return l.flush()
}

func (l *lines) flush() error {
	if l.buf.Len() == 0 {
		return nil
	}
	l.n++
	err := l.a.add(fmt.Sprintf("%s-%06d.jsonl", l.name, l.n), l.buf.Bytes())
	l.buf.Reset()
	return err
}

// eachBody yields the bodies of a pack, or of the part of one.
func eachBody(pack []byte, do func(digest, form string, data []byte) error) error {
	const head = len("sha256:") + 2*sha256.Size
	for len(pack) > 0 {
		if len(pack) < head+4 || !validDigest(string(pack[:head])) {
			return fmt.Errorf("%w：正文包有误", ErrArchive)
		}
		digest, size := string(pack[:head]), int(binary.BigEndian.Uint32(pack[head:]))
		if pack = pack[head+4:]; size > len(pack) {
			return fmt.Errorf("%w：正文包不完整", ErrArchive)
		}
		if err := do(digest, formOf(pack[:size]), pack[:size]); err != nil {
			return err
		}
		pack = pack[size:]
	}
	return nil
}

// formOf tells the form of a packed body by how it begins.
func formOf(data []byte) string {
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		return gzipForm
	}
	return zstdForm
}

// readArchive yields every entry of an archive but the manifest, each held
// against the manifest that verify read before; nil while verify itself reads.
func readArchive(r io.Reader, do func(name string, data []byte) error) (*manifest, error) {
	bad := func(what string, err error) error {
		if err == nil {
			return fmt.Errorf("%w：%s", ErrArchive, what)
		}
		return fmt.Errorf("%w：%s：%w", ErrArchive, what, err)
	}
	zip, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(64<<20))
	if err != nil {
		return nil, bad("无法读取", err)
	}
	defer zip.Close()
	var m *manifest
	var seen []manifestEntry
	for t := tar.NewReader(zip); ; {
		h, err := t.Next()
		switch {
		case errors.Is(err, io.EOF) && m != nil:
			if _, err := io.Copy(io.Discard, zip); err != nil { // its checksum stands at the end
				return nil, bad("无法读取", err)
			}
			return m, nil
		case errors.Is(err, io.EOF):
			return nil, bad("没有结尾的清单", nil)
		case err != nil:
			return nil, bad("无法读取", err)
		case h.Size > maxEntry || m != nil:
			return nil, bad(h.Name, nil)
		}
		data, err := io.ReadAll(t)
		if err != nil {
			return nil, bad(h.Name, err)
		}
		if h.Name == manifestName {
			m = &manifest{}
			if err := json.Unmarshal(data, m); err != nil {
				return nil, bad(h.Name, err)
			}
			if err := m.match(seen); err != nil {
				return nil, err
			}
			continue
		}
		seen = append(seen, manifestEntry{h.Name, h.Size, hexSum(data)})
		if len(seen) == 1 {
			if err := checkHead(h.Name, data); err != nil {
				return nil, err
			}
		}
		if err := do(h.Name, data); err != nil {
			return nil, err
		}
	}
}

func checkHead(name string, data []byte) error {
	var h Head
	if err := json.Unmarshal(data, &h); name != headName || err != nil || !strings.HasPrefix(h.Format, "xunjian.archive/") {
		return fmt.Errorf("%w：开头不是 %s", ErrArchive, headName)
	}
	if h.Format != archiveFormat {
		return fmt.Errorf("存档的格式是 %s，本版本只能读取 %s：请使用更新的版本", h.Format, archiveFormat)
	}
	return nil
}

// match holds what was read against the manifest.
func (m *manifest) match(seen []manifestEntry) error {
	if len(seen) != len(m.Entries) {
		return fmt.Errorf("%w：清单有 %d 项，文件中有 %d 项", ErrArchive, len(m.Entries), len(seen))
	}
	for i := range seen {
		if seen[i] != m.Entries[i] {
			return fmt.Errorf("%w：%s 的内容与清单不符", ErrArchive, seen[i].Name)
		}
	}
	return nil
}

// verify reads a whole archive and changes nothing: every entry is one that we
// know and what the manifest says, every body what its digest says.
func (e *evidence) verify(r io.Reader) (*manifest, error) {
	return readArchive(r, func(name string, data []byte) error {
		m := partForm.FindStringSubmatch(name)
		if m == nil || m[2] != "" && tableOf(m[2]) == nil {
			return fmt.Errorf("%w：不认识的内容 %s，或由更新的版本写成", ErrArchive, name)
		}
		if m[3] == "" {
			return nil
		}
		return eachBody(data, func(digest, form string, data []byte) error {
			body, err := e.unpack(form, data)
			if err != nil || digestOf(body) != digest {
				return fmt.Errorf("%w：%s 中 %s 的正文与摘要不符", ErrArchive, name, digest)
			}
			return nil
		})
	})
}
