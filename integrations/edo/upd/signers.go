package upd

import (
	"encoding/xml"
	"fmt"
)

// Signer is a signer as a title of either side names him (docs/contracts/sbis.md, "УПД: seller title").
type Signer struct {
	Surname, Name, Patronymic string
	Position                  string
	Authority                 string // СпосПодтПолном: 1 by the data of the signature, 3 by a power of attorney in a register, 5 by one on paper

	PowerNumber, PowerIssued, PowerSystem string // СвДоверЭл, or СвДоверБум without a system
}

// ByPaper reports whether the signer acts by a power of attorney on paper.
func (s Signer) ByPaper() bool { return s.Authority == "5" }

// signersFile holds the signers of a title; both sides have them at the same place.
type signersFile struct {
	XMLName  xml.Name `xml:"Файл"`
	Document struct {
		Signers []struct {
			Authority string `xml:"СпосПодтПолном,attr"`
			Position  string `xml:"Должн,attr"`
			Name      struct {
				Surname    string `xml:"Фамилия,attr"`
				Name       string `xml:"Имя,attr"`
				Patronymic string `xml:"Отчество,attr"`
			} `xml:"ФИО"`
			Electronic struct {
				Number string `xml:"НомДовер,attr"`
				Issued string `xml:"ДатаВыдДовер,attr"`
				System string `xml:"ИдСистХран,attr"`
			} `xml:"СвДоверЭл"`
			Paper struct {
				Number string `xml:"ВнНомДовер,attr"`
				Issued string `xml:"ДатаВыдДовер,attr"`
			} `xml:"СвДоверБум"`
		} `xml:"Подписант"`
	} `xml:"Документ"`
}

// Signers returns the signers that a title names, in its order.
func Signers(body []byte) ([]Signer, error) {
	var f signersFile
	if err := decode(body, &f); err != nil {
		return nil, fmt.Errorf("signers: %w", err)
	}
	var list []Signer
	for _, s := range f.Document.Signers {
		one := Signer{Surname: s.Name.Surname, Name: s.Name.Name, Patronymic: s.Name.Patronymic, Position: s.Position, Authority: s.Authority,
			PowerNumber: s.Electronic.Number, PowerIssued: s.Electronic.Issued, PowerSystem: s.Electronic.System}
		if one.ByPaper() {
			one.PowerNumber, one.PowerIssued = s.Paper.Number, s.Paper.Issued
		}
		list = append(list, one)
	}
	return list, nil
}
