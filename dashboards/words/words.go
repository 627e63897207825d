// Package words is what people read, in the languages that the house speaks:
// Chinese first, and English.
package words

import (
	_ "embed"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/xunjian/xunjian/inspect"
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

var languages = language.NewMatcher([]language.Tag{language.Chinese, language.English})

// Asked is the language that a request asks for: zh or en.
func Asked(r *http.Request) string {
	_, i := language.MatchStrings(languages, r.Header.Get("Accept-Language"))
	return []string{"zh", "en"}[i]
}

// In is a text in a language. The Chinese text is the key, so that one that
// nobody translated yet is still read; a word before a bar tells apart what is
// one in Chinese and two in English. Numbers are grouped as the language does.
func In(lang, key string, a ...any) string {
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

// Refusal is why something was refused, in a language.
func Refusal(lang string, r *inspect.Refusal) string {
	if lang != "en" {
		return r.Msg
	}
	if r.Form == "" {
		what, more, told := strings.Cut(r.Msg, "：")
		if what = In(lang, what); told {
			what += ": " + more
		}
		return what
	}
	with := make([]any, len(r.With))
	for i, a := range r.With {
		with[i] = a
		if s, ok := a.(string); ok {
			with[i] = word(s)
		}
	}
	return In(lang, r.Form, with...)
}

// word is the English of a stage, an act or another word of the house.
func word(s string) string {
	for _, key := range []string{"状态|" + s, "操作|" + s, s} {
		if en, ok := catalogue()[key]; ok {
			return en
		}
	}
	return s
}
