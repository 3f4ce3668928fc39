package sbis

// TypeOutgoingAct is the type of realisations: УПД and acts of completed work (docs/contracts/sbis.md, "Document types").
const TypeOutgoingAct = "ДокОтгрИсх"

// TypeBuyerTitle is the type of the attachment with the buyer's title of an act.
const TypeBuyerTitle = "УпдДопПокуп"

// Document is a document of SBIS (docs/contracts/sbis.md, "Writing a document").
type Document struct {
	ID           string       `json:"Идентификатор"`
	Type         string       `json:"Тип"`
	Subtype      string       `json:"Подтип"`
	Direction    string       `json:"Направление"`
	Date         string       `json:"Дата"`
	Number       string       `json:"Номер"`
	Sum          string       `json:"Сумма"`
	Note         string       `json:"Примечание"`
	Title        string       `json:"Название"`
	CreatedAt    string       `json:"ДатаВремяСоздания"`
	Deleted      bool         `json:"Удален"`
	State        State        `json:"Состояние"`
	Ours         Organization `json:"НашаОрганизация"`
	Counterparty Organization `json:"Контрагент"`
	Revisions    []Revision   `json:"Редакция"`
	Attachments  []Attachment `json:"Вложение"`
	Stages       []Stage      `json:"Этап"`
	Events       []Event      `json:"Событие"`

	AccountLink      string `json:"СсылкаДляНашаОрганизация"`
	CounterpartyLink string `json:"СсылкаДляКонтрагент"`
	PDFLink          string `json:"СсылкаНаPDF"`
	ArchiveLink      string `json:"СсылкаНаАрхив"`
}

// Revision is one revision of a document; ForeignNote is our key.
type Revision struct {
	ID          string `json:"Идентификатор"`
	Current     bool   `json:"Актуален"`
	At          string `json:"ДатаВремя"`
	ForeignNote string `json:"ПримечаниеИС"`
}

// Attachment is a file of a document or of an event. Match attachments by ID, not by
// position: SBIS may add its own (docs/contracts/sbis.md, "Sending").
type Attachment struct {
	ID            string      `json:"Идентификатор"`
	Title         string      `json:"Название"`
	Service       bool        `json:"Служебный"`
	Type          string      `json:"Тип"`
	Subtype       string      `json:"Подтип"`
	FormatVersion string      `json:"ВерсияФормата"`
	Direction     string      `json:"Направление"`
	Number        string      `json:"Номер"`
	Date          string      `json:"Дата"`
	Sum           string      `json:"Сумма"`
	Modified      bool        `json:"Модифицирован"`
	Deleted       bool        `json:"Удален"`
	Encrypted     bool        `json:"Зашифрован"`
	Errors        int         `json:"КоличествоОшибок"`
	File          File        `json:"Файл"`
	Signatures    []Signature `json:"Подпись"`

	PDFLink  string `json:"СсылкаНаPDF"`
	HTMLLink string `json:"СсылкаНаHTML"`
	PageLink string `json:"СсылкаВКабинет"`
}

// File describes a stored file. Link is valid for about a month and may be empty at first: store the id of the attachment, not the link
// (docs/contracts/sbis.md, "Reading and files").
type File struct {
	Name string `json:"Имя"`
	Link string `json:"Ссылка"`
	Hash string `json:"Хеш"`
}

// Signature is a detached signature of an attachment.
type Signature struct {
	Direction string `json:"Направление"`
	File      File   `json:"Файл"`
}

// Stage is a stage whose actions are possible now. Use the names in the answer.
type Stage struct {
	ID          string       `json:"Идентификатор"`
	Name        string       `json:"Название"`
	Service     bool         `json:"Служебный"`
	Actions     []Action     `json:"Действие"`
	Attachments []Attachment `json:"Вложение"`
}

// Action is a possible action of a stage and the certificates for it.
type Action struct {
	Name            string        `json:"Название"`
	NeedsSignature  bool          `json:"ТребуетПодписания"`
	NeedsComment    bool          `json:"ТребуетКомментария"`
	NeedsDecryption bool          `json:"ТребуетРасшифровки"`
	Certificates    []Certificate `json:"Сертификат"`
}

// Event is an event of a document. Its name is text for people that may change: show it, but do not decide by it alone
// (docs/contracts/sbis.md, "States and events").
type Event struct {
	ID          string       `json:"Идентификатор"`
	Name        string       `json:"Название"`
	At          string       `json:"ДатаВремя"`
	DocumentAt  string       `json:"ДатаВремяДокумента"`
	Comment     string       `json:"Комментарий"`
	Performer   Person       `json:"Исполнитель"`
	Attachments []Attachment `json:"Вложение"`
}

// BuyerTitle returns the last buyer's title among the attachments of the document and of its events; false when there is none yet
// (docs/contracts/sbis.md, "States and events" and "УПД: buyer title").
func (d Document) BuyerTitle() (Attachment, bool) {
	var found Attachment
	lists := [][]Attachment{d.Attachments}
	for _, e := range d.Events {
		lists = append(lists, e.Attachments)
	}
	for _, list := range lists {
		for _, a := range list {
			if a.Type == TypeBuyerTitle || a.Type == "УпдСчфДопПокуп" {
				found = a
			}
		}
	}
	return found, found.ID != ""
}
