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
// that nobody translated yet is still read; a word before a bar tells apart what
// is one in Chinese and two in English. Numbers are grouped as the language does.
func translate(lang, key string, a ...any) string {
	tag := language.Chinese
	_, plain, told := strings.Cut(key, "|")
	if lang == "en" {
		tag = language.English
		en, ok := catalogue()[key]
		if !ok && told {
			en, ok = catalogue()[plain]
		}
		if ok {
			key, told = en, false
		}
	}
	if told {
		key = plain
	}
	if len(a) == 0 {
		return key
	}
	return message.NewPrinter(tag).Sprintf(key, a...)
}

// tr is a text in the language of whoever asks.
func (q *request) tr(key string, a ...any) string { return translate(q.lang, key, a...) }
