package sbistest

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"strings"
	"text/template"
	"time"

	"github.com/google/uuid"
)

// outcomes are the codes of the buyer's title and their usual texts (docs/contracts/sbis.md, "УПД: buyer title").
var outcomes = map[string]string{
	"1": "Услуги приняты", "2": "Услуги приняты с замечаниями", "3": "Услуги не приняты",
}

var buyerForm = template.Must(template.New("buyer").Funcs(template.FuncMap{"x": escaped}).Parse(
	`<?xml version="1.0" encoding="windows-1251"?>
<Файл ИдФайл="{{x .ID}}" ВерсФорм="5.03" ВерсПрог="SBIS sandbox">
<Документ КНД="1115132" ДатаИнфПок="{{.Date}}" ВремИнфПок="{{.Time}}">
<ИдИнфПрод ИдФайлИнфПр="{{x .Seller.ID}}" ДатаФайлИнфПр="{{x .Seller.Document.Date}}" ВремФайлИнфПр="{{x .Seller.Document.Time}}">
<ЭП>{{.Signature}}</ЭП>
</ИдИнфПрод>
<СодФХЖ4 НаимДокОпрПр="{{x .Name}}" Функция="{{x .Seller.Document.Function}}" ПорНомДокИнфПр="{{x .Seller.Document.Invoice.Number}}" ДатаДокИнфПр="{{x .Seller.Document.Invoice.Date}}">
<СвПрин СодОпер="{{x .Words}}" ДатаПрин="{{.Date}}">
<КодСодОпер КодИтога="{{.Outcome}}">{{if ne .Outcome "1"}}
<РеквДокРасх РеквНаимДок="Акт о расхождениях" РеквНомерДок="1" РеквДатаДок="{{.Date}}"/>{{end}}
</КодСодОпер>
</СвПрин>
</СодФХЖ4>
<Подписант Должн="Директор" СпосПодтПолном="{{if .Power}}3{{else}}1{{end}}">
<ФИО Фамилия="{{x .By.Surname}}" Имя="{{x .By.Name}}"{{if .By.Patronymic}} Отчество="{{x .By.Patronymic}}"{{end}}/>{{if .Power}}
<СвДоверЭл НомДовер="{{x .Power}}" ДатаВыдДовер="{{.Date}}" ИдСистХран="https://m4d.nalog.gov.ru/"/>{{end}}
</Подписант>
</Документ>
</Файл>
`))

// buyerTitle returns the buyer's title for the seller's attachment, linked by ИдФайлИнфПр.
func buyerTitle(a *attachment, outcome string, do MoveRequest, by Person, now time.Time) (*attachment, error) {
	seller, err := readTitle(a.Name, a.Data)
	if err != nil {
		return nil, err
	}
	signed := []byte("SIGNATURE")
	if len(a.Signatures) > 0 {
		signed = a.Signatures[0].Data
	}
	id := buyerFileID(seller.ID, now)
	var text bytes.Buffer
	err = buyerForm.Execute(&text, map[string]any{
		"ID": id, "Date": day(now), "Time": now.In(moscow).Format("15.04.05"), "Seller": seller,
		"Signature": base64.StdEncoding.EncodeToString(signed),
		"Name":      orElse(seller.Document.Name, "Акт"), "Outcome": orElse(outcome, "1"),
		"Words": remarksText(outcome, do.Comment), "By": by, "Power": do.Power,
	})
	if err != nil {
		return nil, err
	}
	name := id + ".xml"
	return &attachment{
		ID: uuid.NewString(), Name: name, Title: "Титул покупателя", Type: a.Type + "Покуп", Version: "5.03",
		Incoming: true, Data: to1251(text.String()),
	}, nil
}

// remarksText returns the text of the outcome with the buyer's remarks.
func remarksText(outcome, remarks string) string {
	if remarks == "" || outcome == "1" {
		return outcomes[outcome]
	}
	return outcomes[outcome] + ": " + remarks
}

// buyerFileID returns the id of the buyer's file, which has the participants of the seller's file in reverse order
// (docs/contracts/sbis.md, "УПД: file" and "УПД: buyer title").
func buyerFileID(seller string, now time.Time) string {
	parts := strings.Split(seller, "_")
	recipient, sender := "seller", "buyer"
	if len(parts) > 3 {
		sender, recipient = parts[2], parts[3]
	}
	return strings.Join([]string{"ON_NSCHFDOPPOK", recipient, sender, now.In(moscow).Format("20060102"), uuid.NewString(), "0_0_0_0_0_00"}, "_")
}

// escaped returns a text escaped for an attribute.
func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}
