package media

import (
	"strings"

	"github.com/PuerkitoBio/goquery"

	"github.com/xunjian/xunjian/inspect/zh"
)

// maxText is how many letters of a post are kept.
const maxText = 50_000

// blocks end a line.
const blocks = "p,br,div,section,li,tr,h1,h2,h3,h4,h5,h6"

// plain is the text that a reader sees of HTML, a block a line.
func plain(html string) string {
	if !strings.Contains(html, "<") && !strings.Contains(html, "&") {
		return zh.Truncate(strings.TrimSpace(html), maxText)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		return ""
	}
	doc.Find("script,style,noscript").Remove()
	doc.Find(blocks).AfterHtml("\n")
	var lines []string
	for line := range strings.Lines(doc.Text()) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return zh.Truncate(strings.Join(lines, "\n"), maxText)
}
