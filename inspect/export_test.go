package inspect

import "reflect"

// ListingUntouched reports whether nobody wrote to what ordinary pages share.
func ListingUntouched() bool { return reflect.ValueOf(*noListing).IsZero() }

// ResolvePlain and ResolveSlow are the two ways of Resolve, for the test that
// holds one against the other.
func ResolvePlain(b *Base, ref string) (string, bool) { return b.plain(ref) }

func ResolveSlow(b *Base, ref string) (string, Scheme) { return b.slow(ref) }

// ScanLinks are the links by a scan; false: it gave up.
func ScanLinks(p *Page) ([]Link, bool) { return p.scanLinks() }
