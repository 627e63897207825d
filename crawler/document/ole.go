package document

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"unicode/utf16"

	"github.com/richardlehane/mscfb"
	"github.com/xunjian/xunjian/inspect"
)

// oleForm tells the formats of the binary office files apart, WPS's among them.
func oleForm(data []byte) form {
	streams, err := oleStreams(data, "WordDocument", "Workbook", "Book", "EncryptedPackage")
	switch {
	case err != nil:
		return form{why: "文件已损坏"}
	case streams["EncryptedPackage"] != nil:
		return form{why: errEncrypted.Error()}
	case streams["WordDocument"] != nil:
		return form{format: "doc", read: (*reader).doc}
	case streams["Workbook"] != nil:
		return form{format: "xls", read: (*reader).xls}
	case streams["Book"] != nil:
		return form{format: "xls", why: errOld.Error()}
	}
	return form{}
}

// oleStreams reads the named streams of a compound file.
func oleStreams(data []byte, names ...string) (map[string][]byte, error) {
	f, err := mscfb.New(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for n := 0; n < 10000; n++ {
		e, err := f.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		for _, want := range names {
			if e.Name != want || out[want] != nil {
				continue
			}
			// A stream cannot be longer than its file, whatever it says.
			b, err := io.ReadAll(io.LimitReader(e, int64(len(data))))
			if err != nil {
				return out, err
			}
			out[want] = b
		}
	}
	return out, errLimit
}

// doc reads the text of a Word 97 file: its piece table says where the pieces
// of the text lie, in which order, and whether they are one or two bytes wide.
func (r *reader) doc(d *inspect.Document, data []byte) error {
	streams, err := oleStreams(data, "WordDocument", "0Table", "1Table")
	if err != nil {
		return err
	}
	main := streams["WordDocument"]
	if len(main) < 0x01AA || binary.LittleEndian.Uint16(main) != 0xA5EC {
		return errOld
	}
	flags := binary.LittleEndian.Uint16(main[0x0A:])
	table := streams["0Table"]
	if flags&0x0200 != 0 {
		table = streams["1Table"]
	}
	switch {
	case flags&0x0100 != 0:
		return errEncrypted
	case binary.LittleEndian.Uint16(main[2:]) < 101:
		return errOld
	}
	text, err := wordText(main, table)
	if err != nil {
		return err
	}
	shown, tables := wordCells(text)
	return r.add(d, inspect.DocumentPart{Text: shown, Tables: tables})
}

var errBroken = errors.New("文件已损坏")

// wordText puts the pieces together.
func wordText(main, table []byte) (string, error) {
	at, size := binary.LittleEndian.Uint32(main[0x01A2:]), binary.LittleEndian.Uint32(main[0x01A6:])
	if uint64(at)+uint64(size) > uint64(len(table)) {
		return "", errBroken
	}
	clx := table[at : at+size]
	for len(clx) >= 3 && clx[0] == 1 { // properties, of no use here
		n := 3 + int(binary.LittleEndian.Uint16(clx[1:]))
		clx = clx[min(n, len(clx)):]
	}
	if len(clx) < 5 || clx[0] != 2 {
		return "", errBroken
	}
	n := int(binary.LittleEndian.Uint32(clx[1:]))
	clx = clx[5:]
	if n > len(clx) || n < 4 {
		return "", errBroken
	}
	pieces := (n - 4) / 12
	var b strings.Builder
	for i := range pieces {
		from, to := binary.LittleEndian.Uint32(clx[4*i:]), binary.LittleEndian.Uint32(clx[4*i+4:])
		fc := binary.LittleEndian.Uint32(clx[4*(pieces+1)+8*i+2:])
		if to < from || !piece(&b, main, fc, int(to-from)) {
			return b.String(), errBroken
		}
		if b.Len() > maxText {
			return "", errLimit
		}
	}
	return b.String(), nil
}

// piece writes one piece of n characters that lies at fc.
func piece(b *strings.Builder, main []byte, fc uint32, n int) bool {
	if fc&0x40000000 != 0 { // one byte a character
		at := int(fc&0x3FFFFFFF) / 2
		if at+n > len(main) {
			return false
		}
		for _, c := range main[at : at+n] {
			b.WriteRune(rune(c))
		}
		return true
	}
	at := int(fc)
	if at+2*n > len(main) {
		return false
	}
	units := make([]uint16, n)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(main[at+2*i:])
	}
	b.WriteString(string(utf16.Decode(units)))
	return true
}

// wordCells parts running text from table cells, which end in a mark of their
// own; a row ends in one more. An empty last cell looks like the end of a row,
// so rows of such tables may be shorter than they are.
func wordCells(s string) (text string, tables [][][]string) {
	var shown, cell strings.Builder
	var row []string
	var table [][]string
	field := 0 // inside the instruction of a field, which nobody reads
	flush := func() {
		if len(row) > 0 {
			table, row = append(table, row), nil
		}
		if len(table) > 0 {
			tables, table = append(tables, table), nil
		}
	}
	for _, c := range s {
		switch {
		case c == 0x13:
			field++
		case c == 0x14 || c == 0x15:
			field = max(0, field-1)
		case field > 0:
		case c == 0x07 && cell.Len() == 0 && len(row) > 0:
			table, row = append(table, row), nil
		case c == 0x07:
			row = append(row, strings.TrimSpace(cell.String()))
			cell.Reset()
		case c == '\r' && len(row) == 0:
			flush()
			shown.WriteString(cell.String())
			shown.WriteByte('\n')
			cell.Reset()
		case c == '\r' || c == 0x0B || c == 0x0C:
			cell.WriteByte('\n')
		case c < ' ' && c != '\t':
		default:
			cell.WriteRune(c)
		}
	}
	flush()
	shown.WriteString(cell.String())
	return shown.String(), tables
}
