package inspect

import (
	"cmp"
	"slices"
	"strings"
)

// A Document is what an attachment holds, taken apart by whoever read it: a
// word-processor file, a sheet, a PDF or an archive of such. Checks of scope
// PerFile see it as Page.Document.
type Document struct {
	Format     string         `json:"format"` // docx, doc, xlsx, xls, pdf, ofd, zip, txt
	Parts      []DocumentPart `json:"parts,omitempty"`
	Incomplete string         `json:"incomplete,omitempty"` // why not all of it could be read, for people; "" if it was
}

// A DocumentPart is one sheet, one page, or one file of an archive.
type DocumentPart struct {
	Name   string       `json:"name,omitempty"`   // as a reader would find it: 工作表“名单”, 第3页, 附件/表.docx
	Hidden bool         `json:"hidden,omitempty"` // a hidden sheet, row or column: not shown, yet everybody who downloads the file has it
	Text   string       `json:"text,omitempty"`   // running text, one paragraph a line
	Tables [][][]string `json:"tables,omitempty"` // rows of cells
	Images int          `json:"images,omitempty"` // pictures, which nobody could read
}

// A Secret is a value that must not be kept: what is stored of the page bears
// the mask in its place.
type Secret struct {
	Raw  string
	Mask string
	// Other says that this is another form of a value that was named before,
	// as a number without its blanks: it need not stand in the page.
	Other bool
}

// masker replaces secrets by their masks in what people read.
func masker(secrets []Secret) *strings.Replacer {
	// The longest first: an identity number holds a birthday.
	secrets = slices.SortedFunc(slices.Values(secrets), func(a, b Secret) int { return cmp.Compare(len(b.Raw), len(a.Raw)) })
	pairs := make([]string, 0, 2*len(secrets))
	for _, s := range secrets {
		if s.Raw != "" {
			pairs = append(pairs, s.Raw, s.Mask)
		}
	}
	return strings.NewReplacer(pairs...)
}

// Concealed is text with the page's secrets masked; ok is false when one of
// them does not stand in it as it was told, so that nobody can say that the
// text is clean.
func (p *Page) Concealed(text string) (masked string, ok bool) {
	for _, s := range p.Secrets {
		if !s.Other && (s.Raw == "" || !strings.Contains(text, s.Raw)) {
			return "", false
		}
	}
	return masker(p.Secrets).Replace(text), true
}
