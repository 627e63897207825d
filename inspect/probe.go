package inspect

import "time"

// A Probe is one visit to a page, measured step by step; mostly to the home page.
type Probe struct {
	URL     string    `json:"url"`
	Network string    `json:"network"` // tcp, tcp4 or tcp6
	At      time.Time `json:"at"`
	Address string    `json:"address,omitempty"` // of the server

	Status  int     `json:"status"` // 0: no answer arrived
	Final   string  `json:"final,omitempty"`
	Verdict Verdict `json:"verdict"`
	Cause   Cause   `json:"cause,omitempty"`
	Detail  string  `json:"detail,omitempty"`

	// How long each step took; zero for those that were not reached.
	DNS       Millis `json:"dns_ms,omitempty"`
	Connect   Millis `json:"connect_ms,omitempty"`
	Handshake Millis `json:"tls_ms,omitempty"`
	FirstByte Millis `json:"first_byte_ms,omitempty"`
	Whole     Millis `json:"whole_ms,omitempty"`

	TLS *TLS `json:"tls,omitempty"` // nil: no handshake was completed, or none was due
}

// A TLS is what a handshake showed of a secure connection.
type TLS struct {
	Version   string    `json:"version"` // 1.0, 1.1, 1.2, 1.3
	NotBefore time.Time `json:"not_before"`
	NotAfter  time.Time `json:"not_after"`
	Names     []string  `json:"names,omitempty"` // that the certificate holds for
	Issuer    string    `json:"issuer,omitempty"`
	// Problem says why the certificate does not hold: expired, not-yet-valid,
	// wrong-host, self-signed, untrusted, incomplete-chain; "" if it holds.
	Problem string `json:"problem,omitempty"`
}
