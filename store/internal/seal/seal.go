// Package seal encrypts secrets before they are stored.
package seal

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"acts24/acts"
)

// Keys seal secrets at rest with AES-256-GCM. The first key seals, all of them open,
// so that a key is rotated by putting a new one before the old.
type Keys struct {
	ids   []string
	aeads []cipher.AEAD
}

// ParseKeys reads "id:base64,id:base64" with keys of 32 bytes. Repeated ids and keys are refused, and a key of equal bytes, which nobody
// has generated at random.
func ParseKeys(text string) (*Keys, error) {
	keys := &Keys{}
	seen := map[string]string{}
	for _, part := range strings.Split(text, ",") {
		id, encoded, ok := strings.Cut(strings.TrimSpace(part), ":")
		if !ok || id == "" || len(id) > 16 {
			return nil, errors.New("keys: want id:base64 of 32 bytes, comma separated")
		}
		raw, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil || len(raw) != 32 {
			return nil, fmt.Errorf("key %s: want base64 of 32 bytes", id)
		}
		if slices.Contains(keys.ids, id) {
			return nil, fmt.Errorf("key %s: two keys have this id", id)
		}
		if other, ok := seen[string(raw)]; ok {
			return nil, fmt.Errorf("key %s: the same as key %s", id, other)
		}
		if bytes.Count(raw, raw[:1]) == len(raw) {
			return nil, fmt.Errorf("key %s: all bytes are equal; generate one with: openssl rand -base64 32", id)
		}
		seen[string(raw)] = id
		block, err := aes.NewCipher(raw)
		if err != nil {
			return nil, fmt.Errorf("key %s: %w", id, err)
		}
		aead, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return nil, fmt.Errorf("key %s: %w", id, err)
		}
		keys.ids, keys.aeads = append(keys.ids, id), append(keys.aeads, aead)
	}
	return keys, nil
}

// Newest returns the id of the key that seals.
func (k *Keys) Newest() string { return k.ids[0] }

// IDs returns the ids of all keys, the newest first.
func (k *Keys) IDs() []string { return slices.Clone(k.ids) }

// Cell is the place of a sealed value in the database. A value that was copied to another cell does not open.
type Cell struct {
	Portal acts.PortalID
	Column string
	Row    string // id within the portal; empty where a portal has one row
}

// data is the additional authenticated data of the value.
func (c Cell) data() []byte { return fmt.Appendf(nil, "%d/%s/%s", c.Portal, c.Column, c.Row) }

// Seal encrypts a secret: length of the key id, key id, nonce and cipher text.
func (k *Keys) Seal(at Cell, secret string) []byte {
	if secret == "" {
		return []byte{}
	}
	out := append([]byte{byte(len(k.ids[0]))}, k.ids[0]...)
	return k.aeads[0].Seal(out, nil, []byte(secret), at.data())
}

// Open decrypts what Seal made for the same cell.
func (k *Keys) Open(at Cell, sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	n := int(sealed[0])
	if len(sealed) < 1+n {
		return "", fmt.Errorf("open %s: cut short", at.Column)
	}
	for i, id := range k.ids {
		if id != string(sealed[1:1+n]) {
			continue
		}
		plain, err := k.aeads[i].Open(nil, nil, sealed[1+n:], at.data())
		if err != nil {
			return "", fmt.Errorf("open %s: %w", at.Column, err)
		}
		return string(plain), nil
	}
	return "", fmt.Errorf("open %s: no key %q", at.Column, sealed[1:1+n])
}
