package sbistest

import (
	"encoding/base64"
	"strings"

	"github.com/google/uuid"
)

// readDescription reads the values of the document without its files.
func (c *call) readDescription(in dict) (*document, *refusal) {
	d := &document{
		Account: c.account.key(), Type: orElse(in.text("Тип"), outgoingAct),
		Number: in.text("Номер"), Date: in.text("Дата"), Sum: in.text("Сумма"), Note: in.text("Примечание"),
	}
	if d.Type != outgoingAct {
		return nil, refuse("Неизвестный тип документа: %s", d.Type)
	}
	if d.Date != "" && !validDay(d.Date) {
		return nil, refuse("Неверный формат даты")
	}
	var r *refusal
	if d.Ours, r = readParty(in, "НашаОрганизация"); r != nil {
		return nil, r
	}
	own := c.account.own(d.Ours.INN, d.Ours.KPP)
	if own == nil {
		return nil, refuse("Нет доступа к организации с ИНН %s", d.Ours.INN)
	}
	d.Ours = *own
	d.Counterparty, r = readParty(in, "Контрагент")
	return d, r
}

// readParty reads СвЮЛ or СвФЛ (docs/contracts/sbis.md, "Writing a document").
func readParty(in dict, member string) (Organization, *refusal) {
	p := in.object(member)
	if p == nil {
		return Organization{}, missing(member)
	}
	o := Organization{BoxID: p.text("Идентификатор")}
	if legal := p.object("СвЮЛ"); legal != nil {
		o.INN, o.KPP, o.Name = legal.text("ИНН"), legal.text("КПП"), legal.text("Название")
		switch {
		case !hasDigits(o.INN, 10):
			return o, refuse("Неверный ИНН организации")
		case o.KPP == "":
			return o, refuse("Не указан КПП")
		}
		return o, nil
	}
	person := p.object("СвФЛ")
	if person == nil {
		return o, refuse("Не указаны реквизиты участника")
	}
	o.INN = person.text("ИНН")
	o.Person = Person{person.text("Фамилия"), person.text("Имя"), person.text("Отчество")}
	if !hasDigits(o.INN, 12) {
		return o, refuse("Неверный ИНН физического лица")
	}
	return o, nil
}

func hasDigits(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789") == ""
}

// readFiles reads the attachments; number, date and sum of the document come from the XML.
func readFiles(in dict, d *document) ([]*attachment, *refusal) {
	var files []*attachment
	for _, item := range in.list("Вложение") {
		f, r := readFile(item)
		if r != nil {
			return nil, r
		}
		if strings.HasSuffix(strings.ToLower(f.Name), ".xml") {
			if r := recognise(f, d); r != nil {
				return nil, r
			}
		}
		files = append(files, f)
	}
	return files, nil
}

// readFile reads one attachment: content or a link, not both (docs/contracts/sbis.md, "Writing a document").
func readFile(item dict) (*attachment, *refusal) {
	file := item.object("Файл")
	switch {
	case file == nil:
		return nil, missing("Файл")
	case file.text("Имя") == "":
		return nil, refuse("У вложения нет имени файла")
	case file.has("Ссылка") && file.has("ДвоичныеДанные"):
		return nil, refuse("Во вложении указаны и файл, и ссылка")
	case !file.has("ДвоичныеДанные"):
		return nil, refuse("Во вложении нет файла")
	}
	data, err := base64.StdEncoding.Strict().DecodeString(file.text("ДвоичныеДанные"))
	if err != nil || strings.ContainsAny(file.text("ДвоичныеДанные"), "\r\n") || len(data) == 0 {
		return nil, refuse("Файл вложения %s повреждён", file.text("Имя"))
	}
	id := item.text("Идентификатор")
	if id != "" && uuid.Validate(id) != nil {
		return nil, refuse("Неверный формат идентификатора вложения")
	}
	return &attachment{
		ID: orElse(id, uuid.NewString()), Name: file.text("Имя"), Data: data,
		Title: orElse(item.text("Название"), file.text("Имя")),
		Power: item.object("Сертификат").object("Доверенность").text("ИдентификаторМЧД"),
	}, nil
}

// recognise reads the XML and checks that its parties are those of the document.
func recognise(f *attachment, d *document) *refusal {
	t, err := readTitle(f.Name, f.Data)
	if err != nil {
		return refuse("%s", err)
	}
	head := t.Document.Invoice
	if head.Seller.inn() != d.Ours.INN || head.Buyer.inn() != d.Counterparty.INN {
		return refuse("Стороны в файле %s не совпадают с документом", f.Name)
	}
	f.Type, f.Version, f.Number, f.Date, f.Sum = t.kind(), t.Version, head.Number, head.Date, t.sum()
	f.Title = "УПД № " + f.Number + " от " + f.Date + " на сумму " + f.Sum + " р."
	d.Number, d.Date, d.Sum = f.Number, f.Date, f.Sum
	if d.Counterparty.Name == "" && d.Counterparty.Person.Surname == "" {
		d.Counterparty.Name = head.Buyer.Legal.Name
		fio := head.Buyer.Trader.Name
		d.Counterparty.Person = Person{fio.Surname, fio.Name, fio.Patronymic}
	}
	return nil
}
