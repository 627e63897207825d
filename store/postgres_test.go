package store

import (
	"os"
	"testing"

	"github.com/xunjian/xunjian/store/postgrestest"
)

func TestMain(m *testing.M) {
	if id := os.Getenv("XUNJIAN_TEST_CHILD"); id != "" {
		child(id)
		return
	}
	os.Exit(postgrestest.Main(m))
}
