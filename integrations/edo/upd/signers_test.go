package upd

import (
	"reflect"
	"testing"
)

// Both titles name their signers at the same place, with a power of attorney in a register or on paper.
func TestSigners(t *testing.T) {
	title := func(signer string) []byte {
		return []byte(`<?xml version="1.0"?><Файл><Документ>` + signer + `</Документ></Файл>`)
	}
	person := `<ФИО Фамилия="Ёлкин" Имя="Иван" Отчество="Иванович"/>`
	for name, tt := range map[string]struct {
		body []byte
		want []Signer
	}{
		"by the signature": {title(`<Подписант Должн="Директор" СпосПодтПолном="1">` + person + `</Подписант>`),
			[]Signer{{Surname: "Ёлкин", Name: "Иван", Patronymic: "Иванович", Position: "Директор", Authority: "1"}}},
		"by a power in a register": {title(`<Подписант СпосПодтПолном="3">` + person + `<СвДоверЭл НомДовер="n-1" ДатаВыдДовер="12.01.2026" ИдСистХран="https://m4d.nalog.gov.ru/"/></Подписант>`),
			[]Signer{{Surname: "Ёлкин", Name: "Иван", Patronymic: "Иванович", Authority: "3", PowerNumber: "n-1", PowerIssued: "12.01.2026", PowerSystem: "https://m4d.nalog.gov.ru/"}}},
		"by a power on paper": {title(`<Подписант СпосПодтПолном="5">` + person + `<СвДоверБум ВнНомДовер="7" ДатаВыдДовер="12.01.2026"/></Подписант>`),
			[]Signer{{Surname: "Ёлкин", Name: "Иван", Patronymic: "Иванович", Authority: "5", PowerNumber: "7", PowerIssued: "12.01.2026"}}},
		"no signer": {title(""), nil},
	} {
		if got, err := Signers(tt.body); err != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, tt.want)
		}
	}
	if got, err := Signers([]byte("%PDF-1.4")); err == nil {
		t.Errorf("Signers of a PDF = %+v, want an error", got)
	}
}

func TestSignersOfSamples(t *testing.T) {
	for name, byPower := range map[string]bool{"dop_ul_ip_nds22": true, "buyer_kod1_accepted": false} {
		_, body := sample(t, name)
		got, err := Signers(body)
		if err != nil || len(got) != 1 || got[0].Surname == "" || (len(got[0].PowerNumber) == 36) != byPower {
			t.Errorf("%s: %+v, %v; want one signer, by a power of attorney with a UUID: %t", name, got, err, byPower)
		}
	}
}
