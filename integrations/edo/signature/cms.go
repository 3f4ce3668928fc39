// Package signature reads detached signatures of electronic documents: CMS SignedData (RFC 5652) with certificates of ГОСТ Р 34.10-2012. It
// names the signers and compares the hash in the signature with the file; it does not verify the value of the signature, because the standard
// library lacks the curves of ГОСТ.
package signature

import (
	"bytes"
	"crypto/sha256"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"time"

	"acts24/integrations/sbis/streebog"
)

// Object identifiers of CMS, of signed attributes and of hashes (RFC 5652; RFC 9215 and RFC 7091 for ГОСТ).
var (
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningTime   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 5}
	oidStreebog256   = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 2, 2}
	oidStreebog512   = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 2, 3}
	oidSHA256        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
)

// Signer is one signature of a file with the certificate that it names.
type Signer struct {
	Certificate Certificate
	At          time.Time // the signing time that the signer's program wrote, zero for none

	algorithm asn1.ObjectIdentifier
	digest    []byte // of the signed file, nil when the signature has no signed attributes
}

type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue `asn1:"explicit,tag:0"`
}

type signedData struct {
	Version      int
	Digests      asn1.RawValue `asn1:"set"`
	Encapsulated asn1.RawValue
	Certificates asn1.RawValue `asn1:"optional,tag:0"`
	Revocations  asn1.RawValue `asn1:"optional,tag:1"`
	Signers      []signerInfo  `asn1:"set"`
}

type signerInfo struct {
	Version   int
	Signer    asn1.RawValue
	Digest    algorithm
	Signed    asn1.RawValue `asn1:"optional,tag:0"`
	Signature algorithm
	Value     []byte
	Unsigned  asn1.RawValue `asn1:"optional,tag:1"`
}

type algorithm struct {
	ID         asn1.ObjectIdentifier
	Parameters asn1.RawValue `asn1:"optional"`
}

type issuerAndSerial struct {
	Issuer asn1.RawValue
	Serial *big.Int
}

type attribute struct {
	Type   asn1.ObjectIdentifier
	Values asn1.RawValue `asn1:"set"`
}

// Errors of files that are no readable signature.
var (
	ErrEmpty         = errors.New("the file is empty")
	ErrNotDER        = errors.New("the file is no CMS in DER")
	ErrNoSigner      = errors.New("the signature has no signer")
	ErrNoCertificate = errors.New("the signature does not contain its signer's certificate")
)

// Read returns the signers of a detached signature in DER.
func Read(der []byte) ([]Signer, error) {
	if len(der) == 0 {
		return nil, ErrEmpty
	}
	var info contentInfo
	if rest, err := asn1.Unmarshal(der, &info); err != nil || len(rest) > 0 || !info.Type.Equal(oidSignedData) {
		return nil, ErrNotDER
	}
	var data signedData
	if rest, err := asn1.Unmarshal(info.Content.Bytes, &data); err != nil || len(rest) > 0 {
		return nil, ErrNotDER
	}
	certificates, err := readCertificates(data.Certificates.Bytes)
	if err != nil {
		return nil, err
	}
	if len(data.Signers) == 0 {
		return nil, ErrNoSigner
	}
	var signers []Signer
	for i, one := range data.Signers {
		s, err := one.read(certificates)
		if err != nil {
			return nil, fmt.Errorf("signer %d: %w", i+1, err)
		}
		signers = append(signers, s)
	}
	return signers, nil
}

func (i signerInfo) read(certificates []certificate) (s Signer, err error) {
	found := false
	for _, c := range certificates {
		if i.identifies(c) {
			s.Certificate, found = c.describe(), true
			break
		}
	}
	if !found {
		return s, ErrNoCertificate
	}
	s.algorithm = i.Digest.ID
	for rest := i.Signed.Bytes; len(rest) > 0; {
		var a attribute
		if rest, err = asn1.Unmarshal(rest, &a); err != nil {
			return s, ErrNotDER
		}
		switch {
		case a.Type.Equal(oidMessageDigest):
			if _, err := asn1.Unmarshal(a.Values.Bytes, &s.digest); err != nil {
				return s, ErrNotDER
			}
		case a.Type.Equal(oidSigningTime):
			if _, err := asn1.Unmarshal(a.Values.Bytes, &s.At); err != nil {
				return s, ErrNotDER
			}
		}
	}
	return s, nil
}

// identifies reports whether the signer names this certificate: by its issuer and serial number, or by the identifier of its key.
func (i signerInfo) identifies(c certificate) bool {
	if i.Signer.Class == asn1.ClassContextSpecific && i.Signer.Tag == 0 {
		return len(i.Signer.Bytes) > 0 && bytes.Equal(i.Signer.Bytes, c.keyID())
	}
	var id issuerAndSerial
	if rest, err := asn1.Unmarshal(i.Signer.FullBytes, &id); err != nil || len(rest) > 0 {
		return false
	}
	return id.Serial.Cmp(c.TBS.Serial) == 0 && bytes.Equal(id.Issuer.FullBytes, c.TBS.Issuer.FullBytes)
}

// Covers reports whether the hash in the signature is that of a file. known is false when the signature has no hash of its file, or one
// that we cannot compute.
func (s Signer) Covers(file []byte) (matches, known bool) {
	var sum []byte
	switch {
	case s.digest == nil:
		return false, false
	case s.algorithm.Equal(oidStreebog256):
		short := streebog.Sum256(file)
		sum = short[:]
	case s.algorithm.Equal(oidStreebog512):
		long := streebog.Sum512(file)
		sum = long[:]
	case s.algorithm.Equal(oidSHA256):
		short := sha256.Sum256(file)
		sum = short[:]
	default:
		return false, false
	}
	return bytes.Equal(sum, s.digest), true
}
