package document

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xunjian/xunjian/inspect"
)

// zip reads the files of an archive.
func (r *reader) zip(d *inspect.Document, data []byte) error {
	if r.depth >= maxDepth {
		return errors.New("压缩包嵌套过深")
	}
	r.depth++
	defer func() { r.depth-- }()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	var left []string // why some were not read
	for _, f := range z.File {
		if f.FileInfo().IsDir() {
			continue
		}
		name := f.Name
		if !utf8.ValidString(name) {
			name = r.decode([]byte(name))
		}
		body, err := r.unpack(f)
		if errors.Is(err, errLimit) {
			return errLimit
		}
		if err != nil {
			left = append(left, name+"："+err.Error())
			continue
		}
		inner := r.read(name, body)
		if inner.Incomplete != "" {
			left = append(left, name+"："+inner.Incomplete)
		}
		for _, p := range inner.Parts {
			p.Name = strings.TrimSpace(name + " " + p.Name)
			if len(d.Parts) >= maxParts {
				return errLimit
			}
			d.Parts = append(d.Parts, p) // counted when it was read
		}
	}
	if len(left) > 0 {
		return errors.New(strings.Join(left[:min(len(left), 5)], "；"))
	}
	return nil
}

// unpack is the content of one file of an archive.
func (r *reader) unpack(f *zip.File) ([]byte, error) {
	in, err := r.open(f)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return io.ReadAll(in)
}

// ofd reads the pages of an OFD file (GB/T 33190), the fixed-layout format of
// offices: text stands in TextCode elements.
func (r *reader) ofd(d *inspect.Document, data []byte) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	var pages []*zip.File
	for _, f := range z.File {
		if strings.Contains(f.Name, "/Pages/") && strings.HasSuffix(f.Name, "Content.xml") {
			pages = append(pages, f)
		}
	}
	slices.SortStableFunc(pages, func(a, b *zip.File) int { return pageNumber(a.Name) - pageNumber(b.Name) })
	for i, f := range pages {
		in, err := r.open(f)
		if err != nil {
			return err
		}
		text, images, err := ofdText(in)
		in.Close()
		if err != nil {
			return err
		}
		if err := r.add(d, inspect.DocumentPart{Name: "第" + strconv.Itoa(i+1) + "页", Text: text, Images: images}); err != nil {
			return err
		}
	}
	return nil
}

// pageNumber is the number in Doc_0/Pages/Page_12/Content.xml.
func pageNumber(name string) int {
	_, rest, _ := strings.Cut(name, "/Pages/")
	n := 0
	for _, c := range rest {
		if c >= '0' && c <= '9' && n < 1e6 {
			n = n*10 + int(c-'0')
		} else if n > 0 || c == '/' {
			break
		}
	}
	return n
}

func ofdText(in io.Reader) (text string, images int, err error) {
	x := xml.NewDecoder(in)
	x.Strict = false
	var b strings.Builder
	inside := false
	for {
		t, err := x.RawToken()
		if errors.Is(err, io.EOF) {
			return b.String(), images, nil
		}
		if err != nil {
			return b.String(), images, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			inside = t.Name.Local == "TextCode"
			if t.Name.Local == "ImageObject" {
				images++
			}
		case xml.EndElement:
			if t.Name.Local == "TextObject" {
				b.WriteByte('\n')
			}
			inside = false
		case xml.CharData:
			if inside {
				b.Write(t)
			}
		}
	}
}
