package sketch

import (
	"encoding/binary"
	"hash/fnv"
	"slices"
	"testing"
	"unicode"
)

// plain is Of by the book: all hashes, sorted, each once.
func plain(text string) Sketch {
	var letters []rune
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			letters = append(letters, r)
		}
	}
	s := Sketch{Letters: len(letters)}
	if len(letters) < 2*run {
		return s
	}
	var all []uint64
	for i := 0; i+run <= len(letters); i++ {
		h := fnv.New64a()
		for _, r := range letters[i : i+run] {
			h.Write(binary.LittleEndian.AppendUint32(nil, uint32(r)))
		}
		all = append(all, mix(h.Sum64()))
	}
	slices.Sort(all)
	all = slices.Compact(all)
	s.Hashes = all[:min(len(all), size)]
	return s
}

// FuzzOf: sketches are kept from one inspection to the next, so they never change.
func FuzzOf(f *testing.F) {
	text := ""
	for i := range 400 {
		text += string(rune(0x4E00+i*i%5000)) + "，1"
		if i%9 == 0 {
			text += "\U00020000\U0001F600x"
		}
	}
	f.Add(text)
	f.Add(text[:300] + text[:300] + text)
	f.Add("少")
	f.Fuzz(func(t *testing.T, text string) {
		got, want := Of(text), plain(text)
		if got.Letters != want.Letters || !slices.Equal(got.Hashes, want.Hashes) {
			t.Errorf("%d letters: %v, want %v", want.Letters, got.Hashes, want.Hashes)
		}
	})
}

func BenchmarkOf(b *testing.B) {
	var text []rune
	for i := range 2000 {
		text = append(text, rune(0x4E00+i*i*7%9000))
	}
	s := string(text)
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		Of(s)
	}
}
