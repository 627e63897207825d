package crawler

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/saintfish/chardet"
	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// Decode fills in a page's Body, Charset and CharsetFrom from its raw bytes.
// The order is: byte order mark; strict UTF-8 over the whole body, since pages
// lie both ways; what the page declares, then what the head declares, each
// believed only if it decodes cleanly; a guess among UTF-8, GB18030 and Big5,
// never on short text; and what the host usually sends.
func Decode(p *inspect.Page, usual string) {
	if p.Raw == nil || !isText(p.Type) {
		return
	}
	d := decode(p.Raw, p.Header.Get("Content-Type"), usual)
	p.Body, p.Charset, p.CharsetFrom = d.body, d.name, d.from
	if enc := encodingOf(d.name); enc != nil && d.name != "utf-8" {
		p.EncodeQuery = func(s string) string {
			out, err := encoding.HTMLEscapeUnsupported(enc.NewEncoder()).String(s)
			if err != nil {
				return s
			}
			return out
		}
	}
}

// DecodeText makes text of bytes of which nothing is known but themselves.
func DecodeText(raw []byte) string { return string(decode(raw, "", "").body) }

type decoded struct {
	body       []byte
	name, from string
	broken     int // replacement characters
}

// shortText is up to how many bytes outside ASCII nothing is guessed.
const shortText = 200

func decode(raw []byte, contentType, usual string) decoded {
	if d, ok := byMark(raw); ok {
		return d
	}
	if utf8.Valid(raw) {
		return decoded{body: raw, name: "utf-8", from: "valid"}
	}
	var tried []decoded
	for _, c := range []struct{ label, from string }{
		{metaCharset(raw), "meta"}, {headerCharset(contentType), "header"},
	} {
		if c.label == "" {
			continue
		}
		d, ok := as(raw, c.label, c.from)
		if ok && d.broken == 0 {
			return d
		}
		if ok {
			tried = append(tried, d)
		}
	}
	if beyondASCII(raw) > shortText {
		if d, ok := as(raw, guess(raw), "guess"); ok {
			if d.broken == 0 {
				return d
			}
			tried = append(tried, d)
		}
	}
	for _, label := range []string{usual, "gb18030", "utf-8"} {
		if d, ok := as(raw, label, "host"); ok && label != "" {
			tried = append(tried, d)
		}
	}
	best := tried[0]
	for _, d := range tried[1:] {
		if d.broken < best.broken {
			best = d
		}
	}
	return best
}

func byMark(raw []byte) (decoded, bool) {
	switch {
	case bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")):
		return decoded{body: bytes.ToValidUTF8(raw[3:], []byte("\uFFFD")), name: "utf-8", from: "bom"}, true
	case bytes.HasPrefix(raw, []byte("\xff\xfe")), bytes.HasPrefix(raw, []byte("\xfe\xff")):
		b, err := unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM).NewDecoder().Bytes(raw)
		return decoded{body: b, name: "utf-16", from: "bom"}, err == nil
	}
	return decoded{}, false
}

// as decodes raw by a label.
func as(raw []byte, label, from string) (decoded, bool) {
	name := canonical(label)
	if name == "" {
		return decoded{}, false
	}
	if name == "utf-8" {
		b := bytes.ToValidUTF8(raw, []byte("\uFFFD"))
		return decoded{body: b, name: name, from: from, broken: bytes.Count(b, []byte("\uFFFD"))}, true
	}
	enc := encodingOf(name)
	if enc == nil {
		return decoded{}, false
	}
	b, err := enc.NewDecoder().Bytes(raw)
	if err != nil {
		return decoded{}, false
	}
	return decoded{body: b, name: name, from: from, broken: bytes.Count(b, []byte("\uFFFD"))}, true
}

// canonical is the name by which a label is decoded. Every gb label is
// GB18030, which holds all of GBK and the rare letters of people's names.
func canonical(label string) string {
	l := strings.ToLower(strings.Trim(strings.TrimSpace(label), `"'`))
	switch {
	case l == "":
		return ""
	case strings.HasPrefix(l, "gb") || l == "chinese" || l == "x-gbk" || l == "csgb2312" || l == "cp936":
		return "gb18030"
	case l == "utf8":
		return "utf-8"
	}
	_, name := charset.Lookup(l)
	return name
}

func encodingOf(name string) encoding.Encoding {
	switch name {
	case "gb18030":
		return simplifiedchinese.GB18030
	case "big5":
		return traditionalchinese.Big5
	}
	enc, _ := charset.Lookup(name)
	return enc
}

// metaCharset is the charset that the page itself declares: within the first
// 1,024 bytes, where browsers look, or later, where old editors put it.
func metaCharset(raw []byte) string {
	for _, n := range []int{1024, 8192} {
		head := bytes.ToLower(raw[:min(n, len(raw))])
		for {
			i := bytes.Index(head, []byte("charset"))
			if i < 0 {
				break
			}
			head = head[i+len("charset"):]
			rest := bytes.TrimLeft(head, " \t\r\n")
			if len(rest) == 0 || rest[0] != '=' {
				continue
			}
			rest = bytes.TrimLeft(rest[1:], " \t\r\n\"'")
			end := bytes.IndexFunc(rest, func(r rune) bool {
				return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_' && r != ':'
			})
			if end > 0 {
				return string(rest[:end])
			}
		}
	}
	return ""
}

func headerCharset(contentType string) string {
	_, rest, ok := strings.Cut(strings.ToLower(contentType), "charset=")
	if !ok {
		return ""
	}
	rest, _, _ = strings.Cut(rest, ";")
	return strings.Trim(strings.TrimSpace(rest), `"'`)
}

func beyondASCII(b []byte) (n int) {
	for _, c := range b {
		if c >= 0x80 {
			n++
		}
	}
	return n
}

// guess asks the statistics, and believes them only for what Chinese sites use.
func guess(raw []byte) string {
	r, err := chardet.NewHtmlDetector().DetectBest(raw[:min(len(raw), 64<<10)])
	if err != nil {
		return ""
	}
	switch r.Charset {
	case "GB-18030":
		return "gb18030"
	case "Big5":
		return "big5"
	case "UTF-8":
		return "utf-8"
	}
	return ""
}
