package signature_test

import (
	"bytes"
	"errors"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"acts24/integrations/edo/signature"
	"acts24/integrations/sbis/sbistest/cms"
)

var (
	signedFile = []byte(`<?xml version="1.0" encoding="windows-1251"?><x/>`)
	signAt     = time.Date(2026, 11, 3, 9, 0, 11, 0, time.UTC)
	validFrom  = time.Date(2026, 1, 12, 8, 30, 0, 0, time.UTC)
	validUntil = time.Date(2060, 4, 12, 8, 40, 0, 0, time.UTC) // is written as a GeneralizedTime, as all years from 2050
)

// director returns the certificate of the director of a company.
func director() cms.Certificate {
	return cms.Certificate{From: validFrom, To: validUntil, Owner: cms.Owner{CommonName: `ООО "Пример-Исполнитель"`, Surname: "Ёлкин", GivenName: "Иван Иванович",
		Position: "Генеральный директор", Organization: `ООО "Пример-Исполнитель"`, INN: "500100732259", OrgINN: "7701010105", OGRN: "1027700132195", SNILS: "11223344595"}}
}

// A signature names its signer with the attributes of Russian certificates, and only its own file matches.
func TestRead(t *testing.T) {
	for _, hash := range []cms.Hash{cms.Hash256, cms.Hash512, cms.HashSHA256} {
		signers, err := signature.Read(director().Sign(signedFile, signAt, hash))
		if err != nil || len(signers) != 1 {
			t.Fatalf("%s: %d signers, %v; want one", hash, len(signers), err)
		}
		s := signers[0]
		c := s.Certificate
		if c.Person() != "Ёлкин Иван Иванович" || c.Position != "Генеральный директор" || c.Organization != `ООО "Пример-Исполнитель"` || c.CommonName != c.Organization ||
			c.INN != "500100732259" || c.OrgINN != "7701010105" || c.OGRN != "1027700132195" || c.SNILS != "11223344595" {
			t.Errorf("%s: the owner is %+v, want %+v", hash, c, director().Owner)
		}
		if !strings.Contains(c.Issuer, "Удостоверяющий центр") || len(c.Serial) < 20 || !c.From.Equal(validFrom) || !c.To.Equal(validUntil) || !s.At.Equal(signAt) {
			t.Errorf("%s: the certificate is %+v, signed at %s; want one from %s to %s, signed at %s", hash, c, s.At, validFrom, validUntil, signAt)
		}
		if covers, known := s.Covers(signedFile); !covers || !known {
			t.Errorf("%s: Covers(its file) = %t, %t; want true, true", hash, covers, known)
		}
		if covers, known := s.Covers(append([]byte(" "), signedFile...)); covers || !known {
			t.Errorf("%s: Covers(another file) = %t, %t; want false, true", hash, covers, known)
		}
	}
}

// A hash of another standard cannot be compared: it neither covers the file nor is it wrong.
func TestUnknownHash(t *testing.T) {
	signers, err := signature.Read(director().Sign(signedFile, signAt, cms.HashUnknown))
	if err != nil {
		t.Fatal(err)
	}
	if covers, known := signers[0].Covers(signedFile); covers || known {
		t.Errorf("Covers(its file) by a hash of 1994 = %t, %t; want false, false", covers, known)
	}
}

// Certificates issued before 2022 have the INN of an organisation, with two zeros, in the attribute of persons.
func TestOldOrganizationINN(t *testing.T) {
	c := director()
	c.Owner.INN, c.Owner.OrgINN = "007701010105", ""
	signers, err := signature.Read(c.Sign(signedFile, signAt, cms.Hash256))
	if err != nil || signers[0].Certificate.OrgINN != "7701010105" || signers[0].Certificate.INN != "" {
		t.Errorf("%+v, %v; want the INN 7701010105 of the organisation and none of a person", signers, err)
	}
}

func TestReadRefuses(t *testing.T) {
	good := director().Sign(signedFile, signAt, cms.Hash256)
	for name, tt := range map[string]struct {
		body []byte
		want error
	}{
		"nothing":             {nil, signature.ErrEmpty},
		"a text":              {[]byte("SIGNATURE Иванов"), signature.ErrNotDER},
		"a page of HTML":      {[]byte("<html>"), signature.ErrNotDER},
		"base64":              {[]byte("MIIB"), signature.ErrNotDER},
		"cut off":             {good[:len(good)-40], signature.ErrNotDER},
		"a byte after it":     {append(bytes.Clone(good), 0), signature.ErrNotDER},
		"BER":                 {append([]byte{0x30, 0x80}, good[4:]...), signature.ErrNotDER},
		"another certificate": {withIssuer(good, `АО "Удостоверяющий центр`, `АО "Удостоверяющий ЦЕНТР`), signature.ErrNoCertificate},
	} {
		if got, err := signature.Read(tt.body); !errors.Is(err, tt.want) || got != nil {
			t.Errorf("%s: %+v, %v; want %v", name, got, err, tt.want)
		}
	}
}

// withIssuer changes the name of the issuer in the description of the signer, which comes last, but not in the certificate.
func withIssuer(der []byte, old, issuer string) []byte {
	at := bytes.LastIndex(der, []byte(old))
	out := bytes.Clone(der)
	copy(out[at:], issuer)
	return out
}

// OpenSSL reads the signatures of the fake in the same way.
func TestReadAgreesWithOpenSSL(t *testing.T) {
	tool, err := exec.LookPath("openssl")
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal("openssl is not installed")
	}
	if err != nil {
		t.Skip("NOT COMPARED with openssl, which is not installed")
	}
	path := filepath.Join(t.TempDir(), "act.sgn")
	der := director().Sign(signedFile, signAt, cms.Hash256)
	if err := os.WriteFile(path, der, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), tool, "cms", "-cmsout", "-print", "-inform", "DER", "-in", path, "-nameopt", "utf8").CombinedOutput()
	if err != nil {
		t.Fatalf("openssl cms -print: %v\n%s", err, out)
	}
	signers, err := signature.Read(der)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ToUpper(string(out))
	for _, want := range []string{"SIGNEDDATA", "GOST R 34.11-2012 WITH 256 BIT HASH", "NOV  3 09:00:11 2026 GMT", "APR 12 08:40:00 2060 GMT"} {
		if !strings.Contains(text, want) {
			t.Errorf("openssl does not show %q:\n%s", want, out)
		}
	}
	digits := signers[0].Certificate.Serial
	if serial, ok := new(big.Int).SetString(digits, 16); !ok || !strings.Contains(text, serial.String()) && !strings.Contains(text, "0X"+strings.ToUpper(digits)) {
		t.Errorf("openssl does not show the serial number %q:\n%s", digits, out)
	}
}

// FuzzRead reads any bytes: they are refused or have signers, whose names hold no control characters.
func FuzzRead(f *testing.F) {
	f.Add(director().Sign(signedFile, signAt, cms.Hash256))
	f.Add(director().Sign(nil, signAt, cms.Hash512))
	f.Add([]byte("SIGNATURE"))
	f.Fuzz(func(t *testing.T, der []byte) {
		signers, err := signature.Read(der)
		if (err == nil) != (len(signers) > 0) {
			t.Fatalf("%d signers, %v; want signers or an error", len(signers), err)
		}
		for _, s := range signers {
			s.Covers(signedFile)
			if strings.ContainsAny(s.Certificate.Person()+s.Certificate.Issuer, "\n\x00\x1b") {
				t.Fatalf("control characters in %q", s.Certificate)
			}
		}
	})
}
