package signature

import (
	"encoding/asn1"
	"encoding/hex"
	"math/big"
	"strings"
	"time"
)

// Certificate is the data of a certificate about its owner. The names are those of Приказ ФСБ РФ от 27.12.2011 № 795.
type Certificate struct {
	CommonName   string
	Surname      string
	GivenName    string // first name and patronymic
	Position     string
	Organization string
	INN          string // of the person, 12 digits
	OrgINN       string // ИНН ЮЛ
	OGRN         string
	OGRNIP       string
	SNILS        string
	Issuer       string // common name of the issuer, else its organisation
	Serial       string // hexadecimal, as programs show it
	From, To     time.Time
}

// Person returns surname, name and patronymic, "" when the certificate names no person.
func (c Certificate) Person() string {
	return strings.TrimSpace(c.Surname + " " + c.GivenName)
}

type certificate struct {
	TBS       tbsCertificate
	Algorithm asn1.RawValue
	Value     asn1.BitString
}

type tbsCertificate struct {
	Version    int `asn1:"optional,explicit,default:0,tag:0"`
	Serial     *big.Int
	Algorithm  asn1.RawValue
	Issuer     asn1.RawValue
	Validity   struct{ From, To time.Time }
	Subject    asn1.RawValue
	Key        asn1.RawValue
	IssuerID   asn1.RawValue `asn1:"optional,tag:1"`
	SubjectID  asn1.RawValue `asn1:"optional,tag:2"`
	Extensions []extension   `asn1:"optional,explicit,tag:3"`
}

type extension struct {
	ID       asn1.ObjectIdentifier
	Critical bool `asn1:"optional"`
	Value    []byte
}

type nameAttribute struct {
	Type  asn1.ObjectIdentifier
	Value asn1.RawValue
}

var oidKeyID = asn1.ObjectIdentifier{2, 5, 29, 14}

// readCertificates reads the certificates of a signature. Other kinds of certificates, which have a context tag, are skipped.
func readCertificates(der []byte) (list []certificate, err error) {
	for len(der) > 0 {
		var raw asn1.RawValue
		if der, err = asn1.Unmarshal(der, &raw); err != nil {
			return nil, ErrNotDER
		}
		if raw.Class != asn1.ClassUniversal {
			continue
		}
		var c certificate
		if _, err := asn1.Unmarshal(raw.FullBytes, &c); err != nil {
			return nil, ErrNotDER
		}
		list = append(list, c)
	}
	return list, nil
}

// keyID returns the identifier of the certificate's key, nil for none.
func (c certificate) keyID() (id []byte) {
	for _, e := range c.TBS.Extensions {
		if e.ID.Equal(oidKeyID) {
			_, _ = asn1.Unmarshal(e.Value, &id) // stays nil when it is malformed
		}
	}
	return id
}

func (c certificate) describe() Certificate {
	subject, issuer := namesOf(c.TBS.Subject), namesOf(c.TBS.Issuer)
	d := Certificate{CommonName: subject["2.5.4.3"], Surname: subject["2.5.4.4"], GivenName: subject["2.5.4.42"], Position: subject["2.5.4.12"],
		Organization: subject["2.5.4.10"], INN: subject["1.2.643.3.131.1.1"], OrgINN: subject["1.2.643.100.4"], OGRN: subject["1.2.643.100.1"],
		OGRNIP: subject["1.2.643.100.5"], SNILS: subject["1.2.643.100.3"], Issuer: issuer["2.5.4.3"], From: c.TBS.Validity.From, To: c.TBS.Validity.To}
	if d.Issuer == "" {
		d.Issuer = issuer["2.5.4.10"]
	}
	d.Serial = strings.ToUpper(hex.EncodeToString(c.TBS.Serial.Bytes()))
	// Certificates issued before 2022 have the INN of an organisation in the attribute of persons, with two leading zeros.
	if len(d.INN) == 12 && strings.HasPrefix(d.INN, "00") {
		if d.OrgINN == "" {
			d.OrgINN = d.INN[2:]
		}
		d.INN = ""
	}
	return d
}

// namesOf returns the attributes of a distinguished name by object identifier, the first of each. Malformed ones are left out.
func namesOf(name asn1.RawValue) map[string]string {
	found := map[string]string{}
	for sets := name.Bytes; len(sets) > 0; {
		var set asn1.RawValue
		var err error
		if sets, err = asn1.Unmarshal(sets, &set); err != nil {
			break
		}
		for rest := set.Bytes; len(rest) > 0; {
			var a nameAttribute
			if rest, err = asn1.Unmarshal(rest, &a); err != nil {
				break
			}
			if key := a.Type.String(); found[key] == "" {
				found[key] = textOf(a.Value)
			}
		}
	}
	return found
}

// textOf returns the text of an attribute, "" for a type that is no text.
func textOf(value asn1.RawValue) string {
	if value.Class != asn1.ClassUniversal {
		return ""
	}
	switch value.Tag {
	case asn1.TagBMPString:
		var text string
		if _, err := asn1.Unmarshal(value.FullBytes, &text); err != nil {
			return ""
		}
		return clean(text)
	case asn1.TagUTF8String, asn1.TagPrintableString, asn1.TagIA5String, asn1.TagNumericString, asn1.TagT61String:
		return clean(string(value.Bytes))
	}
	return ""
}

// clean returns a text without invalid characters and repeated blanks: it is shown and printed.
func clean(text string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\ufffd' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, " "))), " ")
}
