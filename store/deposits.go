package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"github.com/xunjian/xunjian/inspect"
)

// A Proof is a file that shows what a person saw.
type Proof struct {
	Name    string
	Content []byte
}

// maxProof is how large a proof may be: a screenshot is a hundredth of it.
const maxProof = 10 << 20

// ErrTwice says that the same was handed in before.
var ErrTwice = errors.New("相同的内容已经登记过")

// maxDeposits is how many deposits of an account an inspection reads, newest first.
const maxDeposits = 60

// A depositRow is what somebody handed in of an account: posts, or a stamp with proof.
type depositRow struct {
	bun.BaseModel `bun:"table:deposits,alias:d"`

	ID          string `bun:",pk"`
	Account     string
	Kind        string
	At          int64
	Collection  []byte // JSON, zstd
	ProofName   string
	ProofDigest string
	Proof       []byte `bun:",nullzero"`
}

// Deposit keeps what was handed in of an account, so that its inspections read
// it as a source. The same posts of the same span come once: ErrTwice.
func (s *Store) Deposit(ctx context.Context, account string, c *inspect.Collection, p *Proof) error {
	row := &depositRow{Account: account, Kind: string(c.Kind), At: nanos(c.At)}
	if p != nil {
		if len(p.Content) > maxProof {
			return fmt.Errorf("证明文件 %s 超过 %d MB", p.Name, maxProof>>20)
		}
		row.ProofName, row.Proof, row.ProofDigest = clean(p.Name), p.Content, digestOf(p.Content)
		c.Proof = row.ProofDigest
	}
	text, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("deposit of %s: %w", account, err)
	}
	timeless := *c
	timeless.At, timeless.Sealed = fromNanos(0), nil // which holds that time again
	same, err := json.Marshal(timeless)
	if err != nil {
		return fmt.Errorf("deposit of %s: %w", account, err)
	}
	row.ID, row.Collection = digestOf([]byte(account+"\x00"+string(same))), s.ev.encoder.EncodeAll(text, nil)
	res, err := s.db.NewInsert().Model(row).On("CONFLICT (id) DO NOTHING").Exec(ctx)
	if err != nil {
		return fmt.Errorf("deposit of %s: %w", account, hint(err, s.dir))
	}
	if n, err := res.RowsAffected(); err == nil && n == 0 {
		return ErrTwice
	}
	return nil
}

// Deposits are the last things handed in of an account, oldest first.
func (s *Store) Deposits(ctx context.Context, account string) ([]*inspect.Collection, error) {
	var rows []depositRow
	if err := s.db.NewSelect().Model(&rows).Column("id", "collection").Where("account = ?", account).Order("at DESC", "id").Limit(maxDeposits).Scan(ctx); err != nil {
		return nil, fmt.Errorf("deposits of %s: %w", account, hint(err, s.dir))
	}
	out := make([]*inspect.Collection, 0, len(rows))
	for _, r := range slices.Backward(rows) {
		text, err := s.ev.decoder.DecodeAll(r.Collection, nil)
		if err != nil {
			return nil, fmt.Errorf("deposit %s of %s: %w：%w", r.ID, account, ErrDamaged, err)
		}
		c := &inspect.Collection{}
		if err := json.Unmarshal(text, c); err != nil {
			return nil, fmt.Errorf("deposit %s of %s: %w：%w", r.ID, account, ErrDamaged, err)
		}
		out = append(out, c)
	}
	return out, nil
}

// ProofOf is the proof of a digest; nil if there is none.
func (s *Store) ProofOf(ctx context.Context, digest string) (*Proof, error) {
	var rows []depositRow
	if err := s.db.NewSelect().Model(&rows).Column("proof_name", "proof").Where("proof_digest = ?", digest).Limit(1).Scan(ctx); err != nil {
		return nil, fmt.Errorf("proof %s: %w", digest, hint(err, s.dir))
	}
	if len(rows) == 0 {
		return nil, nil
	}
	if digestOf(rows[0].Proof) != digest {
		return nil, fmt.Errorf("proof %s: %w", digest, ErrDamaged)
	}
	return &Proof{Name: rows[0].ProofName, Content: rows[0].Proof}, nil
}
