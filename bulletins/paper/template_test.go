package paper_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/xunjian/xunjian/bulletins/paper"
)

// template packs an office's own docx with some paragraphs.
func template(t testing.TB, paragraphs string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	const head = `<?xml version="1.0" encoding="UTF-8"?>`
	for _, p := range [][2]string{
		{"[Content_Types].xml", head + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`},
		{"word/document.xml", head + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + paragraphs + `<w:sectPr><w:pgMar w:top="1000"/></w:sectPr></w:body></w:document>`},
		{"word/footer1.xml", head + `<w:ftr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:r><w:t>{{发文机关}} 内部</w:t></w:r></w:p></w:ftr>`},
		{"word/styles.xml", head + `<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:style w:type="paragraph" w:styleId="Gongwen"><w:name w:val="本机关正文"/></w:style></w:styles>`},
	} {
		f, err := z.Create(p[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, p[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const templateBody = `<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:t>{{标</w:t></w:r><w:r><w:t>题}}</w:t></w:r></w:p>` +
	`<w:p><w:r><w:t>不合格网站{{sites.failed}}，即 {{sites.failed:n}}；{{文号}}</w:t></w:r></w:p><w:p><w:r><w:t>照抄 &lt;此处&gt;</w:t></w:r></w:p>` +
	`<w:p><w:r><w:t>{{正文}}</w:t></w:r></w:p><w:p><w:r><w:t>{{附件}}</w:t></w:r></w:p>`

// An office's own template keeps its sheets and styles; its placeholders are
// replaced, though a word processor split them.
func TestTemplate(t *testing.T) {
	t.Parallel()
	p := sample(t)
	p.Options.Template = template(t, templateBody)
	x := parts(t, written(t, "docx", p))
	doc := x["word/document.xml"]
	failed := p.Source.Figures.Get("sites.failed").Text()
	for _, want := range []string{p.Heading(), "不合格网站" + failed + "家，即 " + failed + "；" + p.Options.Number, "照抄 &lt;此处&gt;", "一、总体情况", "附件1", `<w:pgMar w:top="1000"/>`} {
		if !strings.Contains(doc, want) {
			t.Errorf("no %q", want)
		}
	}
	if strings.Contains(doc, "{{") || strings.Contains(doc, "r:id") {
		t.Error("a placeholder, or a relation that is not there, is left")
	}
	if s := x["word/styles.xml"]; !strings.Contains(s, "本机关正文") || strings.Count(s, `w:styleId="Gongwen"`) != 1 || !strings.Contains(s, `w:styleId="Heading1"`) {
		t.Error("the template's own styles do not stand, or ours are missing")
	}
	if !strings.Contains(x["word/footer1.xml"], p.Options.Issuer+" 内部") {
		t.Error("the footer's placeholder stands")
	}
}

func TestTemplateRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		raw  []byte
		want string
	}{
		"no docx":         {[]byte("x"), "不是 docx"},
		"no body":         {template(t, `<w:p><w:r><w:t>{{标题}}</w:t></w:r></w:p>`), "{{正文}}"},
		"unknown figures": {template(t, templateBody+`<w:p><w:r><w:t>{{sites.luck}}</w:t></w:r></w:p>`), "{{sites.luck}}"},
	} {
		p := sample(t)
		p.Options.Template = c.raw
		if err := paper.DOCX(t.Context(), io.Discard, p); !errors.Is(err, paper.ErrTemplate) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever a template holds, it is filled or refused.
func FuzzTemplate(f *testing.F) {
	f.Add(templateBody)
	f.Add(`<w:p><w:r><w:t>{{</w:t></w:r></w:p><w:p/><w:p><w:t>{{正文}}</w:t>`)
	p := sample(f)
	f.Fuzz(func(t *testing.T, body string) {
		x := *p
		x.Options.Template = template(t, body)
		if err := paper.DOCX(t.Context(), io.Discard, &x); err != nil && !errors.Is(err, paper.ErrTemplate) {
			t.Error(err)
		}
	})
}
