package upd

import "encoding/xml"

// file is the seller's title in the structure of the schema (docs/contracts/sbis.md, "УПД: seller title"): what we write,
// and what the rules of the schematron check. The order of fields is the order of the schema.
type file struct {
	XMLName  xml.Name `xml:"Файл"`
	ID       string   `xml:"ИдФайл,attr"`
	Version  string   `xml:"ВерсФорм,attr"`
	Program  string   `xml:"ВерсПрог,attr"`
	Document document `xml:"Документ"`
}

type document struct {
	KND      string    `xml:"КНД,attr"`
	Function string    `xml:"Функция,attr"`
	Fact     string    `xml:"ПоФактХЖ,attr,omitempty"`
	Name     string    `xml:"НаимДокОпр,attr,omitempty"`
	Date     string    `xml:"ДатаИнфПр,attr"`
	Time     string    `xml:"ВремИнфПр,attr"`
	Author   string    `xml:"НаимЭконСубСост,attr,omitempty"`
	Invoice  invoice   `xml:"СвСчФакт"`
	Table    *table    `xml:"ТаблСчФакт"`
	Handover *handover `xml:"СвПродПер"`
	Signers  []signer  `xml:"Подписант"`
}

// invoice is СвСчФакт: number, date, parties and currency of the document.
type invoice struct {
	Number     string         `xml:"НомерДок,attr"`
	Date       string         `xml:"ДатаДок,attr"`
	Corrects   string         `xml:"ИмяФайлИспрПрод,attr,omitempty"`
	Correction *correction    `xml:"ИспрДок"`
	Sellers    []party        `xml:"СвПрод"`
	Senders    []sender       `xml:"ГрузОт"`
	Consignees []party        `xml:"ГрузПолуч"`
	Payments   []payment      `xml:"СвПРД"`
	Shipments  []docReference `xml:"ДокПодтвОтгрНом"`
	Buyers     []party        `xml:"СвПокуп"`
	Currency   currency       `xml:"ДенИзм"`
	Case       *caseInfo      `xml:"ДопСвФХЖ1"`
}

// correction is ИспрДок, line 1а of an invoice.
type correction struct {
	N    int    `xml:"НомИспр,attr"`
	Date string `xml:"ДатаИспр,attr"`
}

// sender is ГрузОт; an act has none, a goods document may.
type sender struct {
	Party *party `xml:"ГрузОтпр"`
}

// payment is СвПРД: a document by which the act was paid in advance.
type payment struct {
	Number string `xml:"НомерПРД,attr"`
	Date   string `xml:"ДатаПРД,attr"`
}

// caseInfo is ДопСвФХЖ1, as far as we fill it or the rules depend on it.
type caseInfo struct {
	Contract  string `xml:"ИдГосКон,attr,omitempty"`
	OfInvoice string `xml:"СпОбстФСЧФ,attr,omitempty"`
	OfAct     string `xml:"СпОбстФДОП,attr,omitempty"`
	Factor    *party `xml:"СвФактор"`
}

type currency struct {
	Code string `xml:"КодОКВ,attr"`
	Name string `xml:"НаимОКВ,attr"`
}

// party is УчастникТип.
type party struct {
	ID      identity `xml:"ИдСв"`
	Address *address `xml:"Адрес"`
}

type identity struct {
	Person  *person  `xml:"СвИП"`
	Company *company `xml:"СвЮЛУч"`
}

type person struct {
	INN  string   `xml:"ИННФЛ,attr"`
	OGRN string   `xml:"ОГРНИП,attr,omitempty"`
	Day  string   `xml:"ДатаОГРНИП,attr,omitempty"`
	Name fullName `xml:"ФИО"`
}

type company struct {
	Name string `xml:"НаимОрг,attr"`
	INN  string `xml:"ИННЮЛ,attr"`
	KPP  string `xml:"КПП,attr,omitempty"`
}

type fullName struct {
	Last   string `xml:"Фамилия,attr"`
	First  string `xml:"Имя,attr"`
	Middle string `xml:"Отчество,attr,omitempty"`
}

// address is АдресТип; we write only its free text, the practical choice for CRM data.
type address struct {
	Text *freeAddress `xml:"АдрИнф"`
}

type freeAddress struct {
	Country string `xml:"КодСтр,attr"`
	Name    string `xml:"НаимСтран,attr"`
	Text    string `xml:"АдрТекст,attr"`
}

// docReference is РеквДокТип: another document by its name, number and date.
type docReference struct {
	Name   string `xml:"РеквНаимДок,attr"`
	Number string `xml:"РеквНомерДок,attr"`
	Date   string `xml:"РеквДатаДок,attr"`
}

// handover is СвПродПер: the fact that the act records.
type handover struct {
	Fact  fact   `xml:"СвПер"`
	Notes *notes `xml:"ИнфПолФХЖ3"`
}

type fact struct {
	Operation string         `xml:"СодОпер,attr"`
	Date      string         `xml:"ДатаПер,attr,omitempty"`
	From      string         `xml:"ДатаНачПер,attr,omitempty"`
	To        string         `xml:"ДатаОконПер,attr,omitempty"`
	Bases     []docReference `xml:"ОснПер"`
	NoBasis   string         `xml:"БезДокОснПер,omitempty"`
}

type notes struct {
	Texts []note `xml:"ТекстИнф"`
}

type note struct {
	Key   string `xml:"Идентиф,attr"`
	Value string `xml:"Значен,attr"`
}

type signer struct {
	Position string   `xml:"Должн,attr,omitempty"`
	Ground   string   `xml:"СпосПодтПолном,attr"`
	Name     fullName `xml:"ФИО"`
	Power    []power  `xml:"СвДоверЭл"`
	OnPaper  []power  `xml:"СвДоверБум"`
}

// power is a power of attorney, electronic or on paper, as far as the rules check it.
type power struct {
	Number string `xml:"НомДовер,attr,omitempty"`
	Issued string `xml:"ДатаВыдДовер,attr,omitempty"`
	Store  string `xml:"ИдСистХран,attr,omitempty"`
}
