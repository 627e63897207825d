package desk

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// The second recommendation of RFC 9106: 64 MiB, three passes, four lanes.
const (
	argonMemory = 64 << 10 // KiB
	argonTime   = 3
	argonLanes  = 4
	argonKey    = 32
)

// MinPassword is how many characters a password has at least. It is ours.
const MinPassword = 10

// ErrPassword says that a password may not be set.
var ErrPassword = fmt.Errorf("密码至少 %d 个字符，且不能与登录名相同", MinPassword)

// Hash is the hash of a password, in the form in which argon2id hashes are written.
func Hash(login, password string) (string, error) {
	if utf8.RuneCountInString(password) < MinPassword || len(password) > 1024 || strings.EqualFold(login, password) {
		return "", ErrPassword
	}
	salt := make([]byte, 16)
	rand.Read(salt)
	key := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonLanes, argonKey)
	b := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonLanes, b.EncodeToString(salt), b.EncodeToString(key)), nil
}

// nobody is held against the password of whoever is not there, so that the
// answer takes as long.
const nobody = "$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// matches reports whether a password has a hash.
func matches(hash, password string) (bool, error) {
	var version, memory, passes int
	var lanes uint8
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, errors.New("a stored password is no argon2id hash")
	}
	_, err1 := fmt.Sscanf(parts[2], "v=%d", &version)
	_, err2 := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &lanes)
	salt, err3 := base64.RawStdEncoding.DecodeString(parts[4])
	want, err4 := base64.RawStdEncoding.DecodeString(parts[5])
	if err := errors.Join(err1, err2, err3, err4); err != nil || version != argon2.Version {
		return false, errors.New("a stored password is no argon2id hash")
	}
	got := argon2.IDKey([]byte(password), salt, uint32(passes), uint32(memory), lanes, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

// secret is a new key that nobody can guess, and what is kept of it.
func secret() (key, hash string) {
	key = rand.Text() + rand.Text()[:6]
	return key, digest(key)
}

func digest(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}
