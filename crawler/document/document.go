// Package document takes attachments apart: word-processor files, sheets,
// PDFs and archives of such become one [inspect.Document].
//
// What a file is, its first bytes say; extensions of government sites lie too
// often. One file a format; all of them share the limits of this one, so that
// no file, whatever it says of itself, costs more than they allow. What cannot
// be read, or not whole, is said in Document.Incomplete: nobody may take
// silence for innocence.
package document

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// The limits of one file, with all that it contains.
const (
	maxText  = 8 << 20  // bytes of text
	maxParts = 500      // sheets, pages, files of an archive
	maxCells = 2e6      // cells of all tables
	maxPlain = 64 << 20 // bytes that compressed parts may unpack to
	maxDepth = 2        // archives within archives
	maxTime  = 30 * time.Second
)

const tooLong = "读取超过"

// GivenUp reports whether a file was given up for time, so that another look
// may tell more of the same bytes.
func GivenUp(d *inspect.Document) bool { return strings.HasPrefix(d.Incomplete, tooLong) }

// Read takes a file apart. name helps only where the first bytes say nothing;
// decode makes text of bytes in whatever charset they are.
func Read(ctx context.Context, name string, data []byte, decode func([]byte) string) *inspect.Document {
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	r := &reader{ctx: ctx, decode: decode, plain: maxPlain}
	done := make(chan *inspect.Document, 1)
	go func() { done <- r.read(name, data) }()
	select {
	case d := <-done:
		return d
	case <-ctx.Done():
		// The reader notices by itself, at its next step; what it still finds is thrown away.
		return &inspect.Document{Format: extension(name), Incomplete: fmt.Sprintf("%s %v，已放弃", tooLong, maxTime)}
	}
}

// A reader reads one file with all that it contains.
type reader struct {
	ctx    context.Context
	decode func([]byte) string
	depth  int
	text   int   // bytes so far
	cells  int   // so far
	plain  int64 // bytes that may still be unpacked
}

var (
	errLimit     = errors.New("内容超过读取上限")
	errEncrypted = errors.New("文件已加密")
	errOld       = errors.New("是很旧的格式，无法读取")
)

// read never panics: what eats foreign bytes may be wrong about them.
func (r *reader) read(name string, data []byte) (d *inspect.Document) {
	d = &inspect.Document{Format: extension(name)}
	defer func() {
		if v := recover(); v != nil {
			d.Incomplete = fmt.Sprintf("文件解析出错：%v", v)
		}
	}()
	f := sniff(name, data)
	if f.format != "" {
		d.Format = f.format
	}
	if f.read == nil {
		d.Incomplete = cmpOr(f.why, "不是能读取的文件格式")
		d.Parts = f.parts
		return d
	}
	if err := f.read(r, d, data); err != nil {
		d.Incomplete = err.Error()
	}
	return d
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// A form is what a file was recognised as.
type form struct {
	format string
	read   func(r *reader, d *inspect.Document, data []byte) error // nil: it cannot be read
	why    string
	parts  []inspect.DocumentPart
}

// sniff recognises a file, by its first bytes where they say what it is.
func sniff(name string, data []byte) form {
	has := func(magic string) bool { return bytes.HasPrefix(data, []byte(magic)) }
	picture := []inspect.DocumentPart{{Images: 1}}
	switch {
	case len(data) == 0:
		return form{why: "文件是空的"}
	case has("PK\x03\x04"), has("PK\x05\x06"):
		return zipForm(data)
	case has("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"):
		return oleForm(data)
	case bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")):
		return form{format: "pdf", read: (*reader).pdf}
	case has("\xFF\xD8\xFF"), has("\x89PNG"), has("GIF8"), has("BM"), has("II*\x00"), has("MM\x00*"):
		return form{format: "image", why: "是图片，其中的文字无法读取", parts: picture}
	case has("Rar!"), has("7z\xBC\xAF"):
		return form{format: extension(name), why: "压缩格式不受支持，请人工查看"}
	case has("{\\rtf"):
		return form{format: "rtf", why: "RTF 格式不受支持，请人工查看"}
	case looksLikeHTML(data):
		return form{format: "html", read: (*reader).html}
	}
	switch extension(name) {
	case "txt", "csv", "json", "xml", "md":
		return form{format: extension(name), read: (*reader).plainText}
	case "html", "htm":
		return form{format: "html", read: (*reader).html}
	}
	return form{}
}

// Readable reports whether an extension names a format that this package may
// be able to read.
func Readable(ext string) bool {
	switch ext {
	case "doc", "docx", "wps", "xls", "xlsx", "et", "pdf", "ofd", "zip", "txt", "csv":
		return true
	}
	return false
}

func extension(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
}

// add puts a part into the document, as far as the limits allow.
func (r *reader) add(d *inspect.Document, p inspect.DocumentPart) error {
	if err := r.ctx.Err(); err != nil {
		return errLimit
	}
	if p.Text == "" && len(p.Tables) == 0 && p.Images == 0 {
		return nil
	}
	r.text += len(p.Text)
	for _, t := range p.Tables {
		for _, row := range t {
			r.cells += len(row)
			for _, c := range row {
				r.text += len(c)
			}
		}
	}
	if len(d.Parts) >= maxParts || r.text > maxText || r.cells > maxCells {
		return errLimit
	}
	d.Parts = append(d.Parts, p)
	return nil
}

// plainText is a file of text.
func (r *reader) plainText(d *inspect.Document, data []byte) error {
	if len(data) > maxText {
		return errLimit
	}
	return r.add(d, inspect.DocumentPart{Text: r.decode(data)})
}
