package paper

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"html"
	"io"
	"regexp"
	"slices"
	"strings"
)

// ErrTemplate says that an office's own template cannot be used.
var ErrTemplate = errors.New("模板不能使用")

var (
	paragraphForm   = regexp.MustCompile(`(?s)<w:p(?: [^>]*)?>.*?</w:p>`)
	wordsForm       = regexp.MustCompile(`(<w:t(?: [^>]*)?>)([^<]*)(</w:t>)`)
	placeholderForm = regexp.MustCompile(`\{\{([^{}]*)\}\}`)
	styleForm       = regexp.MustCompile(`w:styleId="([^"]*)"`)
)

// maxTemplate is how large a part of a template may be.
const maxTemplate = 32 << 20

// fill writes the office's own docx with its placeholders replaced: {{正文}} and
// {{附件}}, which stand alone in a paragraph; {{标题}}, {{发文机关}}, {{主送}},
// {{文号}}, {{日期}}; and every figure by its id, {{sites.failed}} with its unit,
// {{sites.failed:n}} without. A word processor may have split them into runs.
func fill(w io.Writer, p *Paper) error {
	raw := p.Options.Template
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return fmt.Errorf("%w：不是 docx：%w", ErrTemplate, err)
	}
	f := &filler{p: p}
	var parts []part
	for _, file := range z.File {
		text, err := content(file)
		if err != nil {
			return fmt.Errorf("%w：%s：%w", ErrTemplate, file.Name, err)
		}
		switch {
		case file.Name == "word/styles.xml":
			text = withOurStyles(text)
		case file.Name == "word/document.xml" || strings.HasPrefix(file.Name, "word/header") || strings.HasPrefix(file.Name, "word/footer"):
			text = paragraphForm.ReplaceAllStringFunc(text, f.paragraph)
		}
		parts = append(parts, part{file.Name, text})
	}
	if len(f.unknown) > 0 {
		slices.Sort(f.unknown)
		return fmt.Errorf("%w：没有这些占位：%s（xunjian bulletin --trace 列出全部数据项）", ErrTemplate, strings.Join(slices.Compact(f.unknown), "、"))
	}
	if !f.body {
		return fmt.Errorf("%w：没有单独成段的 {{正文}}", ErrTemplate)
	}
	return pack(w, parts)
}

func content(f *zip.File) (string, error) {
	r, err := f.Open()
	if err != nil {
		return "", err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxTemplate+1))
	if len(data) > maxTemplate {
		return "", errors.New("太大")
	}
	return string(data), err
}

// withOurStyles adds the styles of our paragraphs to those of a template: what
// it has of the same name stays its own.
func withOurStyles(text string) string {
	has := map[string]bool{}
	for _, m := range styleForm.FindAllStringSubmatch(text, -1) {
		has[m[1]] = true
	}
	var b strings.Builder
	for _, s := range paragraphStyles {
		if !has[s.id] {
			b.WriteString(s.xml())
		}
	}
	return strings.Replace(text, "</w:styles>", b.String()+"</w:styles>", 1)
}

// A filler replaces placeholders.
type filler struct {
	p       *Paper
	unknown []string
	body    bool // {{正文}} was there
}

// paragraph is a paragraph with its placeholders replaced. Text that was split
// into runs comes together in the first of them.
func (f *filler) paragraph(x string) string {
	var all strings.Builder
	for _, m := range wordsForm.FindAllStringSubmatch(x, -1) {
		all.WriteString(html.UnescapeString(m[2]))
	}
	text := all.String()
	if !placeholderForm.MatchString(text) {
		return x
	}
	switch strings.TrimSpace(text) {
	case "{{正文}}":
		f.body = true
		return f.blocks(func(d *docx) {
			for i := range f.p.Blocks {
				d.block(&f.p.Blocks[i], false)
			}
		})
	case "{{附件}}":
		return f.blocks(func(d *docx) {
			for i, a := range f.p.Printed() {
				d.annex(i+1, &a)
			}
		})
	}
	text = placeholderForm.ReplaceAllStringFunc(text, func(m string) string { return f.value(strings.TrimSpace(m[2 : len(m)-2])) })
	first := true
	return wordsForm.ReplaceAllStringFunc(x, func(string) string {
		if !first {
			return `<w:t></w:t>`
		}
		first = false
		return `<w:t xml:space="preserve">` + esc(text) + `</w:t>`
	})
}

func (f *filler) blocks(write func(*docx)) string {
	d := &docx{p: f.p, plain: true}
	write(d)
	return d.body.String()
}

// value is what stands in place of a placeholder.
func (f *filler) value(name string) string {
	o := &f.p.Options
	switch name {
	case "标题":
		return f.p.Heading()
	case "发文机关":
		return o.Issuer
	case "主送":
		return o.To
	case "文号":
		return o.Number
	case "初稿":
		if o.Draft {
			return "监测初稿" + window(o.Window)
		}
		return ""
	case "日期":
		if o.Date.IsZero() {
			return ""
		}
		return chineseDay(o.Date)
	}
	id, _ := strings.CutSuffix(name, ":n")
	if !f.p.Source.Figures.Has(id) {
		f.unknown = append(f.unknown, "{{"+name+"}}")
		return ""
	}
	return figureSpans(f.p.Source, name).String()
}
