// Package bombtest makes archives that unpack to far more than they are.
package bombtest

import (
	"archive/zip"
	"bytes"
	"compress/flate"
)

// Zip is an archive of one file that holds a text so many times. The text is
// compressed once and its bytes are repeated, which is quick: what was flushed
// at the beginning of a stream reaches back to nothing.
func Zip(name, text string, times int) []byte {
	var packed, b bytes.Buffer
	f, err := flate.NewWriter(&packed, flate.BestSpeed)
	if err != nil {
		panic(err)
	}
	f.Write([]byte(text))
	f.Flush()
	z := zip.NewWriter(&b)
	w, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate,
		UncompressedSize64: uint64(times) * uint64(len(text)), CompressedSize64: uint64(times) * uint64(packed.Len())})
	if err != nil {
		panic(err)
	}
	for range times {
		w.Write(packed.Bytes())
	}
	z.Close()
	return b.Bytes()
}
