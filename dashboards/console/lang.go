package console

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// english is the catalogue: a Chinese text, a tab, the English one.
//
//go:embed en.tsv
var english string

var catalogue = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(english) {
		zh, en, ok := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		if !ok {
			panic(fmt.Sprintf("en.tsv: %q", line))
		}
		out[zh] = en
	}
	return out
})

// translate is a text in a language. The Chinese text is the key, so that one
// that nobody translated yet is still read. Numbers are grouped as the language does.
func translate(lang, key string, a ...any) string {
	tag := language.Chinese
	if lang == "en" {
		tag = language.English
		if en, ok := catalogue()[key]; ok {
			key = en
		}
	}
	if len(a) == 0 {
		return key
	}
	return message.NewPrinter(tag).Sprintf(key, a...)
}

// tr is a text in the language of whoever asks.
func (q *request) tr(key string, a ...any) string { return translate(q.lang, key, a...) }
