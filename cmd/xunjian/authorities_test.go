package main

import (
	"crypto/x509"
	"os"
	"os/exec"
	"testing"
)

// Where a system has no authorities, as in the container, the program has its
// own: control hosts, platforms and mail are asked over https.
func TestAuthorities(t *testing.T) {
	t.Parallel()
	if os.Getenv("XUNJIAN_BARE") != "" {
		if p, err := x509.SystemCertPool(); err != nil || p.Equal(x509.NewCertPool()) {
			t.Errorf("no authorities: %v", err)
		}
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestAuthorities$", "-test.v")
	cmd.Env = append(os.Environ(), "XUNJIAN_BARE=1", "SSL_CERT_FILE=/nowhere", "SSL_CERT_DIR=/nowhere")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
