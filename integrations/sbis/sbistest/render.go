package sbistest

import (
	"crypto/sha256"
	"encoding/hex"
)

// render returns a document in the format of answers (docs/contracts/sbis.md, "Writing a document"). With an event it is an element of the
// feed: the state after the event, and only that event.
func (c *call) render(d *document, only *event) dict {
	state, events := d.State, d.Events
	if only != nil {
		state, events = only.State, []*event{only}
	}
	out := dict{
		"Идентификатор": d.ID, "Тип": d.Type, "Подтип": "", "Направление": "Исходящий", "Название": "Реализация",
		"Дата": d.Date, "Номер": d.Number, "Сумма": d.Sum, "Примечание": d.Note,
		"ДатаВремяСоздания": moment(d.Created), "Удален": yesNo(d.Deleted),
		"Состояние": c.renderState(state), "НашаОрганизация": renderParty(d.Ours), "Контрагент": renderParty(d.Counterparty),
		"Редакция": renderRevisions(d), "Вложение": c.renderFiles(d, d.Attachments),
		"Этап": c.renderStages(d), "Событие": c.renderEvents(d, events),
		"СсылкаДляНашаОрганизация": c.base + "/opendoc.html?guid=" + d.ID,
		"СсылкаДляКонтрагент":      c.base + "/opendoc.html?guid=" + d.ID + "&side=counterparty",
		"СсылкаНаPDF":              c.link("pdf", d.ID, ""),
		"СсылкаНаАрхив":            c.link("archive", d.ID, ""),
	}
	return out
}

func renderParty(o Organization) dict {
	if o.KPP != "" {
		return dict{"СвЮЛ": dict{"ИНН": o.INN, "КПП": o.KPP, "Название": o.Name, "КодФилиала": ""}}
	}
	return dict{"СвФЛ": dict{
		"ИНН": o.INN, "Фамилия": o.Person.Surname, "Имя": o.Person.Name, "Отчество": o.Person.Patronymic, "ЧастноеЛицо": "Нет",
	}}
}

func renderRevisions(d *document) []any {
	out := []any{}
	for i, r := range d.Revisions {
		out = append(out, dict{
			"Идентификатор": r.ID, "Актуален": yesNo(i == len(d.Revisions)-1),
			"ДатаВремя": moment(r.At), "ПримечаниеИС": r.Note,
		})
	}
	return out
}

func (c *call) renderFiles(d *document, list []*attachment) []any {
	out := []any{}
	for _, a := range list {
		out = append(out, c.renderFile(d, a))
	}
	return out
}

func (c *call) renderFile(d *document, a *attachment) dict {
	side := "Исходящий"
	if a.Incoming {
		side = "Входящий"
	}
	signatures := []any{}
	for _, s := range a.Signatures {
		signatures = append(signatures, dict{"Направление": side, "Файл": dict{"Имя": s.Name, "Ссылка": c.fileLink(d, a.ID+".sgn")}})
	}
	sum := sha256.Sum256(a.Data)
	return dict{
		"Идентификатор": a.ID, "Название": a.Title, "Служебный": yesNo(a.Service), "Тип": a.Type, "ВерсияФормата": a.Version,
		"Направление": side, "Номер": a.Number, "Дата": a.Date, "Сумма": a.Sum, "Модифицирован": yesNo(a.Modified),
		"Удален": "Нет", "Зашифрован": "Нет", "КоличествоОшибок": "0", "Подпись": signatures,
		"Файл":           dict{"Имя": a.Name, "Ссылка": c.fileLink(d, a.ID), "Хеш": hex.EncodeToString(sum[:])},
		"СсылкаВКабинет": c.base + "/opendoc.html?guid=" + d.ID,
	}
}

// fileLink may be empty for a while (docs/contracts/sbis.md, "Reading and files").
func (c *call) fileLink(d *document, file string) string {
	if c.plan.Has(FaultNoLinks) {
		return ""
	}
	return c.link("file", d.ID, file)
}

func (c *call) renderEvents(d *document, list []*event) []any {
	out := []any{}
	for _, e := range list {
		out = append(out, dict{
			"Идентификатор": e.ID, "Название": e.Name, "ДатаВремя": moment(e.At), "ДатаВремяДокумента": moment(e.At),
			"Комментарий": e.Comment, "Вложение": c.renderFiles(d, e.Attachments), "Исполнитель": renderPerson(e.Performer),
		})
	}
	return out
}

func renderPerson(p Person) dict {
	return dict{"Фамилия": p.Surname, "Имя": p.Name, "Отчество": p.Patronymic}
}

// renderStages returns the stages and actions that are possible now.
func (c *call) renderStages(d *document) []any {
	out := []any{}
	for _, stage := range c.stagesOf(d) {
		actions := []any{}
		for _, a := range stage.actions {
			one := dict{"Название": a.name, "ТребуетПодписания": yesNo(a.signs), "ТребуетКомментария": yesNo(a.reason), "ТребуетРасшифровки": "Нет"}
			if a.signs {
				one["Сертификат"] = c.certificatesFor(d)
			}
			actions = append(actions, one)
		}
		out = append(out, dict{"Идентификатор": stage.id, "Название": stage.name, "Служебный": yesNo(stage.service), "Действие": actions})
	}
	return out
}

func (c *call) certificatesFor(d *document) []any {
	certificates := []any{}
	for _, cert := range c.certificatesOf(d) {
		certificates = append(certificates, renderCertificate(cert))
	}
	return certificates
}

func renderCertificate(c Certificate) dict {
	key := dict{"Тип": c.KeyType}
	if c.KeyType == keyServer {
		key["Активирован"] = yesNo(c.Activated)
		if !c.Activated {
			key["СпособАктивации"] = "СМС"
		}
	}
	return dict{
		"Отпечаток": c.Thumbprint, "ФИО": c.Owner.Full(), "ИНН": c.INN, "Должность": c.Position,
		"ДействителенС": day(c.From), "ДействителенПо": day(c.Until), "Квалифицированный": "Да",
		"СерийныйНомер": "01D9A0B1C2", "Ключ": key,
	}
}
