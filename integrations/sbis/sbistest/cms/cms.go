// Package cms makes detached signatures for the fake SBIS: CMS SignedData in DER with a certificate of ГОСТ Р 34.10-2012 and the hash of the
// signed file. The value of the signature is made up: the standard library does not sign with the curves of ГОСТ.
package cms

import (
	"crypto/sha256"
	"encoding/asn1"
	"math/big"
	"time"

	"acts24/integrations/sbis/streebog"
)

// Owner is the owner of a certificate; empty attributes are left out.
type Owner struct {
	CommonName, Surname, GivenName, Position, Organization string
	INN, OrgINN, OGRN, SNILS                               string
}

// Certificate is a certificate with its owner.
type Certificate struct {
	Owner    Owner
	From, To time.Time
	Issuer   string
}

// Hash is the hash in a signature.
type Hash string

// The hashes; HashUnknown is the one of 1994.
const (
	Hash256     Hash = "256"
	Hash512     Hash = "512"
	HashSHA256  Hash = "sha-256"
	HashUnknown Hash = "1994"
)

// Sign returns the detached signature of a file.
func (c Certificate) Sign(file []byte, at time.Time, hash Hash) []byte {
	oid, sum := hash.of(file)
	serial := c.serial()
	issuer := name(attribute{oidCommonName, c.issuer(), asn1.TagUTF8String}, attribute{oidOrganization, c.issuer(), asn1.TagUTF8String})
	digest := sequence(oid, null)
	signed := set(0xA0,
		sequence(object(1, 2, 840, 113549, 1, 9, 3), set(0x31, object(1, 2, 840, 113549, 1, 7, 1))),
		sequence(object(1, 2, 840, 113549, 1, 9, 5), set(0x31, encode(at.UTC()))),
		sequence(object(1, 2, 840, 113549, 1, 9, 4), set(0x31, wrap(asn1.TagOctetString, sum))))
	signer := sequence(encode(1), sequence(issuer, encode(serial)), digest, signed, sequence(oidKey, null), wrap(asn1.TagOctetString, noise(file, 64)))
	data := sequence(encode(1), set(0x31, digest), sequence(object(1, 2, 840, 113549, 1, 7, 1)),
		wrap(0xA0, c.encode(issuer, serial)), set(0x31, signer))
	return sequence(object(1, 2, 840, 113549, 1, 7, 2), wrap(0xA0, data))
}

func (h Hash) of(file []byte) (oid, sum []byte) {
	switch h {
	case Hash512:
		long := streebog.Sum512(file)
		return object(1, 2, 643, 7, 1, 1, 2, 3), long[:]
	case HashSHA256:
		short := sha256.Sum256(file)
		return object(2, 16, 840, 1, 101, 3, 4, 2, 1), short[:]
	case HashUnknown:
		return object(1, 2, 643, 2, 2, 9), noise(file, 32)
	}
	short := streebog.Sum256(file)
	return object(1, 2, 643, 7, 1, 1, 2, 2), short[:]
}

var (
	oidCommonName   = []int{2, 5, 4, 3}
	oidOrganization = []int{2, 5, 4, 10}
	oidKey          = object(1, 2, 643, 7, 1, 1, 1, 1) // ГОСТ Р 34.10-2012 with 256 bits
	null            = []byte{5, 0}
)

// encode returns the certificate in DER.
func (c Certificate) encode(issuer []byte, serial *big.Int) []byte {
	o := c.Owner
	subject := name(
		attribute{oidCommonName, o.CommonName, asn1.TagUTF8String}, attribute{[]int{2, 5, 4, 4}, o.Surname, asn1.TagUTF8String},
		attribute{[]int{2, 5, 4, 42}, o.GivenName, asn1.TagUTF8String}, attribute{oidOrganization, o.Organization, asn1.TagUTF8String},
		attribute{[]int{2, 5, 4, 12}, o.Position, asn1.TagUTF8String}, attribute{[]int{1, 2, 643, 100, 3}, o.SNILS, asn1.TagNumericString},
		attribute{[]int{1, 2, 643, 3, 131, 1, 1}, o.INN, asn1.TagNumericString}, attribute{[]int{1, 2, 643, 100, 4}, o.OrgINN, asn1.TagNumericString},
		attribute{[]int{1, 2, 643, 100, 1}, o.OGRN, asn1.TagNumericString})
	signing := sequence(object(1, 2, 643, 7, 1, 1, 3, 2))
	key := sequence(sequence(oidKey, sequence(object(1, 2, 643, 7, 1, 2, 1, 1, 1))), encode(asn1.BitString{Bytes: noise(subject, 66), BitLength: 66 * 8}))
	usage := wrap(0xA3, sequence(sequence(object(2, 5, 29, 14), wrap(asn1.TagOctetString, wrap(asn1.TagOctetString, noise(key, 20))))))
	body := sequence(wrap(0xA0, encode(2)), encode(serial), signing, issuer, sequence(encode(c.From.UTC()), encode(c.To.UTC())), subject, key, usage)
	return sequence(body, signing, encode(asn1.BitString{Bytes: noise(body, 64), BitLength: 64 * 8}))
}

func (c Certificate) issuer() string {
	if c.Issuer != "" {
		return c.Issuer
	}
	return `АО "Удостоверяющий центр песочницы"`
}

// serial is the same for equal certificates.
func (c Certificate) serial() *big.Int {
	sum := sha256.Sum256([]byte(c.Owner.CommonName + c.Owner.Surname + c.Owner.GivenName + c.Owner.OrgINN + c.Owner.INN + c.From.String()))
	sum[0] &= 0x7f
	return new(big.Int).SetBytes(sum[:16])
}

type attribute struct {
	oid  []int
	text string
	tag  int
}

// name returns a distinguished name.
func name(attributes ...attribute) []byte {
	var sets [][]byte
	for _, a := range attributes {
		if a.text != "" {
			sets = append(sets, set(0x31, sequence(object(a.oid...), wrap(byte(a.tag), []byte(a.text)))))
		}
	}
	return sequence(sets...)
}

// noise returns bytes that depend on a text.
func noise(seed []byte, n int) []byte {
	var out []byte
	for sum := sha256.Sum256(seed); len(out) < n; sum = sha256.Sum256(sum[:]) {
		out = append(out, sum[:]...)
	}
	return out[:n]
}

func object(oid ...int) []byte { return encode(asn1.ObjectIdentifier(oid)) }

// encode returns a value in DER.
func encode(value any) []byte {
	der, err := asn1.Marshal(value)
	if err != nil {
		panic(err)
	}
	return der
}

func sequence(parts ...[]byte) []byte { return set(0x30, parts...) }

func set(tag byte, parts ...[]byte) []byte {
	var body []byte
	for _, p := range parts {
		body = append(body, p...)
	}
	return wrap(tag, body)
}

// wrap returns a tag with its length and contents.
func wrap(tag byte, body []byte) []byte {
	out := []byte{tag}
	switch n := len(body); {
	case n < 0x80:
		out = append(out, byte(n))
	case n < 0x100:
		out = append(out, 0x81, byte(n))
	case n < 0x10000:
		out = append(out, 0x82, byte(n>>8), byte(n))
	default:
		out = append(out, 0x83, byte(n>>16), byte(n>>8), byte(n))
	}
	return append(out, body...)
}
