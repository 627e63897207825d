package inspect

import (
	"crypto/sha256"
	"encoding/hex"
)

// ID is a short name of the column within its site, for addresses and labels
// of metrics: it is made of the column's name, and stays as long as that does.
func (c *Column) ID() string {
	sum := sha256.Sum256([]byte(c.Name))
	return hex.EncodeToString(sum[:5])
}
