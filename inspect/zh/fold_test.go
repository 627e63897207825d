package zh_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/xunjian/xunjian/inspect/zh"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"":                           "",
		"市政府":                        "市政府",
		" 市 政　府 ":                    "市 政 府",
		"ＡＢＣ１２３（一）～":                 "ABC123(一)~",
		"\u200b零\ufeff宽":             "零宽",
		"a\u00a0\u2003\u3000\nb":     "a b",
		"两  格":                       "两 格",
		"末 ":                         "末",
		" \t":                        "",
		"“引号”，逗号。":                   "“引号”,逗号。",
		"一\u200b ":                   "一",
		"半个\xef\xbc":                 "半个\xef\xbc",
		strings.Repeat("长，", 200):    strings.Repeat("长,", 200),
		"a" + strings.Repeat(" ", 9): "a",
	} {
		if got := zh.Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

// fold is what Fold says, letter by letter.
func fold(s string) string {
	var b strings.Builder
	space := false
	for _, r := range s {
		switch {
		case r >= 0xFF01 && r <= 0xFF5E:
			r -= 0xFEE0
		case r == 0x200B || r == 0xFEFF || r == 0x200C || r == 0x200D:
			continue
		case unicode.IsSpace(r):
			space = true
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
	}
	return b.String()
}

// FuzzFold: by bytes and by letters it comes to the same.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"", " 市 政　府 ", "ＡＢＣ", "\u200b零\ufeff宽", "a\u00a0\u2003\u3000\nb", "“引号”，逗号。", "\u1680\u2028x\u205f\u202f\u0085"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			s = strings.ToValidUTF8(s, "?")
		}
		if got, want := zh.Fold(s), fold(s); got != want {
			t.Errorf("Fold(%q) = %q, want %q", s, got, want)
		}
		if got := zh.Fold(zh.Fold(s)); got != zh.Fold(s) {
			t.Errorf("Fold(Fold(%q)) = %q", s, got)
		}
	})
}
