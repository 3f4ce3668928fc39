// Package refused keeps what unverified clients post from becoming calls to the token server: texts that are no tokens, and tokens that the server
// has refused before.
package refused

import (
	"crypto/sha256"
	"strings"
	"sync"
)

// maxTokens is the number of tokens in one generation.
const maxTokens = 20_000

// Tokens holds hashes of refused tokens in two generations: when the young one is full, the old one is dropped. A refused token never
// becomes valid again.
type Tokens struct {
	mu         sync.Mutex
	young, old map[[sha256.Size]byte]bool
}

// Add stores a refused token.
func (t *Tokens) Add(token string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.young) >= maxTokens {
		t.old, t.young = t.young, nil
	}
	if t.young == nil {
		t.young = map[[sha256.Size]byte]bool{}
	}
	t.young[sha256.Sum256([]byte(token))] = true
}

// Has reports whether the text is no token, or one that was refused.
func (t *Tokens) Has(token string) bool {
	if !plausible(token) {
		return true
	}
	hash := sha256.Sum256([]byte(token))
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.young[hash] || t.old[hash]
}

// plausible reports whether a text may be a token. The documentation shows 70 letters and digits (docs/contracts/bitrix24.md, "Tokens") and
// promises nothing, so other lengths and the signs of a URL-safe text pass too.
func plausible(token string) bool {
	return len(token) >= 16 && len(token) <= 512 && !strings.ContainsFunc(token, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && !strings.ContainsRune("._-~+/=", r)
	})
}
