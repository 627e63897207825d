package document

import (
	"encoding/binary"
	"math"
	"slices"
	"strconv"
	"unicode/utf16"

	"github.com/xunjian/xunjian/inspect"
)

// The records of a binary workbook (BIFF8) that matter here.
const (
	recFormula  = 0x0006
	recEOF      = 0x000A
	recFilePass = 0x002F
	recContinue = 0x003C
	recColInfo  = 0x007D
	recSheet    = 0x0085
	recMulRK    = 0x00BD
	recSST      = 0x00FC
	recLabelSST = 0x00FD
	recNumber   = 0x0203
	recLabel    = 0x0204
	recString   = 0x0207
	recRow      = 0x0208
	recRK       = 0x027E
	recBOF      = 0x0809
)

// maxSheetRow and maxSheetCol are what the format itself allows.
const (
	maxSheetRow = 65536
	maxSheetCol = 256
)

// A record is one record of the stream, without the ones that continue it.
type record struct {
	id   uint16
	data []byte
}

// records are the records from an offset to the end of its part of the stream.
func records(s []byte, at int) func(yield func(record) bool) {
	return func(yield func(record) bool) {
		depth := 0
		for at >= 0 && at+4 <= len(s) {
			id, n := binary.LittleEndian.Uint16(s[at:]), int(binary.LittleEndian.Uint16(s[at+2:]))
			if at+4+n > len(s) {
				return
			}
			if !yield(record{id, s[at+4 : at+4+n]}) {
				return
			}
			at += 4 + n
			switch id {
			case recBOF:
				depth++
			case recEOF:
				if depth--; depth <= 0 {
					return
				}
			}
		}
	}
}

// A biff is a workbook while it is read.
type biff struct {
	strings []string
	sheets  []biffSheet
}

type biffSheet struct {
	name   string
	at     int
	hidden bool
}

// xls reads a binary workbook.
func (r *reader) xls(d *inspect.Document, data []byte) error {
	streams, err := oleStreams(data, "Workbook")
	if err != nil {
		return err
	}
	s := streams["Workbook"]
	var w biff
	var sst [][]byte
	last := uint16(0)
	for rec := range records(s, 0) {
		switch {
		case rec.id == recFilePass:
			return errEncrypted
		case rec.id == recSheet && len(rec.data) > 8:
			name, _, _ := biffText(rec.data[6:], 1)
			w.sheets = append(w.sheets, biffSheet{name: name, at: int(binary.LittleEndian.Uint32(rec.data)), hidden: rec.data[4]&3 != 0})
		case rec.id == recSST, rec.id == recContinue && last == recSST:
			sst = append(sst, rec.data)
			rec.id = recSST
		}
		last = rec.id
	}
	w.strings = sharedStrings(sst)
	for _, sh := range w.sheets {
		if err := r.biffSheet(d, &w, s, sh); err != nil {
			return err
		}
	}
	return nil
}

// biffText reads a string whose length stands in a field of the given width.
// rest is what follows; ok is false if the string does not fit.
func biffText(b []byte, width int) (s string, rest []byte, ok bool) {
	if len(b) < width+1 {
		return "", nil, false
	}
	n := int(b[0])
	if width == 2 {
		n = int(binary.LittleEndian.Uint16(b))
	}
	flags := b[width]
	b = b[width+1:]
	if flags&1 == 0 {
		if len(b) < n {
			return "", nil, false
		}
		return latin(b[:n]), b[n:], true
	}
	if len(b) < 2*n {
		return "", nil, false
	}
	return wide(b[:2*n]), b[2*n:], true
}

func latin(b []byte) string {
	out := make([]rune, len(b))
	for i, c := range b {
		out[i] = rune(c)
	}
	return string(out)
}

func wide(b []byte) string {
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	return string(utf16.Decode(units))
}

// A chunked reader walks over the shared strings, which go on over records; a
// string that is cut in the middle begins anew with a byte that says how wide
// its characters are from there.
type chunked struct {
	chunks [][]byte
	b      []byte
}

func (c *chunked) next() bool {
	for len(c.b) == 0 {
		if len(c.chunks) == 0 {
			return false
		}
		c.b, c.chunks = c.chunks[0], c.chunks[1:]
	}
	return true
}

func (c *chunked) take(n int) ([]byte, bool) {
	var out []byte
	for n > 0 {
		if !c.next() {
			return nil, false
		}
		k := min(n, len(c.b))
		out, c.b, n = append(out, c.b[:k]...), c.b[k:], n-k
	}
	return out, true
}

func (c *chunked) skip(n int) bool {
	for n > 0 {
		if !c.next() {
			return false
		}
		k := min(n, len(c.b))
		c.b, n = c.b[k:], n-k
	}
	return true
}

// text is n characters, the first of them as wide as flags say.
func (c *chunked) text(n int, flags byte) (string, bool) {
	var out []rune
	for n > 0 {
		if len(c.b) == 0 {
			if !c.next() {
				return "", false
			}
			flags, c.b = c.b[0], c.b[1:]
			continue
		}
		size := 1 + int(flags&1)
		k := min(n, len(c.b)/size)
		if k == 0 {
			return "", false
		}
		if size == 1 {
			out = append(out, []rune(latin(c.b[:k]))...)
		} else {
			out = append(out, []rune(wide(c.b[:2*k]))...)
		}
		c.b, n = c.b[k*size:], n-k
	}
	return string(out), true
}

// sharedStrings reads the table of strings that cells refer to.
func sharedStrings(chunks [][]byte) (out []string) {
	c := &chunked{chunks: chunks}
	if _, ok := c.take(8); !ok {
		return nil
	}
	for {
		head, ok := c.take(3)
		if !ok {
			return out
		}
		n, flags := int(binary.LittleEndian.Uint16(head)), head[2]
		after := 0
		if flags&8 != 0 {
			b, ok := c.take(2)
			if !ok {
				return out
			}
			after += 4 * int(binary.LittleEndian.Uint16(b))
		}
		if flags&4 != 0 {
			b, ok := c.take(4)
			if !ok {
				return out
			}
			after += int(min(binary.LittleEndian.Uint32(b), 1<<24))
		}
		s, ok := c.text(n, flags)
		if !ok {
			return out
		}
		out = append(out, s)
		if !c.skip(after) {
			return out
		}
	}
}

// cellsOf are the cells of a sheet, and what of it is hidden.
type cellsOf struct {
	rows   map[int]map[int]string
	hidden map[int]bool // rows
	cols   map[int]bool // hidden columns
	n      int
}

func (c *cellsOf) set(row, col int, v string) {
	if row >= maxSheetRow || col >= maxSheetCol || v == "" {
		return
	}
	if c.rows[row] == nil {
		c.rows[row] = map[int]string{}
	}
	c.rows[row][col] = v
	c.n++
}

func (r *reader) biffSheet(d *inspect.Document, w *biff, s []byte, sh biffSheet) error {
	c := &cellsOf{rows: map[int]map[int]string{}, hidden: map[int]bool{}, cols: map[int]bool{}}
	var formula [2]int // the cell whose text follows
	for rec := range records(s, sh.at) {
		if r.ctx.Err() != nil || c.n > maxCells {
			return errLimit
		}
		c.record(w, rec, &formula)
	}
	g := newGrid("工作表“"+sh.name+"”", sh.hidden)
	order := make([]int, 0, len(c.rows))
	for row := range c.rows {
		order = append(order, row)
	}
	slices.Sort(order)
	for _, row := range order {
		width := 0
		for col := range c.rows[row] {
			width = max(width, col+1)
		}
		cells := make([]string, width)
		for col, v := range c.rows[row] {
			cells[col] = v
		}
		g.row(cells, c.hidden[row], func(col int) bool { return c.cols[col] })
	}
	return g.addTo(r, d)
}

// record takes one record of a sheet.
func (c *cellsOf) record(w *biff, rec record, formula *[2]int) {
	b := rec.data
	u16 := func(at int) int { return int(binary.LittleEndian.Uint16(b[at:])) }
	switch {
	case rec.id == recColInfo && len(b) >= 10:
		for col := u16(0); u16(8)&1 != 0 && col <= min(u16(2), maxSheetCol-1); col++ {
			c.cols[col] = true
		}
	case rec.id == recRow && len(b) >= 16:
		if u16(12)&0x20 != 0 {
			c.hidden[u16(0)] = true
		}
	case rec.id == recLabelSST && len(b) >= 10:
		if i := int(binary.LittleEndian.Uint32(b[6:])); i < len(w.strings) {
			c.set(u16(0), u16(2), w.strings[i])
		}
	case rec.id == recLabel && len(b) >= 9:
		if s, _, ok := biffText(b[6:], 2); ok {
			c.set(u16(0), u16(2), s)
		}
	case rec.id == recNumber && len(b) >= 14:
		c.set(u16(0), u16(2), number(math.Float64frombits(binary.LittleEndian.Uint64(b[6:]))))
	case rec.id == recRK && len(b) >= 10:
		c.set(u16(0), u16(2), number(rk(binary.LittleEndian.Uint32(b[6:]))))
	case rec.id == recMulRK && len(b) >= 12:
		for i := 0; 4+6*i+6 <= len(b)-2; i++ {
			c.set(u16(0), u16(2)+i, number(rk(binary.LittleEndian.Uint32(b[4+6*i+2:]))))
		}
	case rec.id == recFormula && len(b) >= 14:
		*formula = [2]int{u16(0), u16(2)}
		if b[12] != 0xFF || b[13] != 0xFF { // else text, an error or nothing
			c.set(u16(0), u16(2), number(math.Float64frombits(binary.LittleEndian.Uint64(b[6:]))))
		}
	case rec.id == recString:
		if s, _, ok := biffText(b, 2); ok {
			c.set(formula[0], formula[1], s)
		}
	}
}

// rk is a number in the short form.
func rk(v uint32) float64 {
	var f float64
	if v&2 != 0 {
		f = float64(int32(v) >> 2)
	} else {
		f = math.Float64frombits(uint64(v&^3) << 32)
	}
	if v&1 != 0 {
		f /= 100
	}
	return f
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
