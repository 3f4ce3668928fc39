package sbistest

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// title holds the parts of a seller's title that the account shows (docs/contracts/sbis.md, "УПД: seller title").
type title struct {
	XMLName  xml.Name `xml:"Файл"`
	ID       string   `xml:"ИдФайл,attr"`
	Version  string   `xml:"ВерсФорм,attr"`
	Document struct {
		KND      string `xml:"КНД,attr"`
		Function string `xml:"Функция,attr"`
		Name     string `xml:"НаимДокОпр,attr"`
		Date     string `xml:"ДатаИнфПр,attr"`
		Time     string `xml:"ВремИнфПр,attr"`
		Invoice  struct {
			Number string     `xml:"НомерДок,attr"`
			Date   string     `xml:"ДатаДок,attr"`
			Seller titleParty `xml:"СвПрод"`
			Buyer  titleParty `xml:"СвПокуп"`
		} `xml:"СвСчФакт"`
		Rows   []titleRow `xml:"ТаблСчФакт>СведТов"`
		Totals struct {
			Net   string   `xml:"СтТовБезНДСВсего,attr"`
			Gross string   `xml:"СтТовУчНалВсего,attr"`
			Tax   titleTax `xml:"СумНалВсего"`
		} `xml:"ТаблСчФакт>ВсегоОпл"`
	} `xml:"Документ"`
}

type titleParty struct {
	Legal struct {
		INN  string `xml:"ИННЮЛ,attr"`
		KPP  string `xml:"КПП,attr"`
		Name string `xml:"НаимОрг,attr"`
	} `xml:"ИдСв>СвЮЛУч"`
	Trader struct {
		INN  string `xml:"ИННФЛ,attr"`
		Name struct {
			Surname    string `xml:"Фамилия,attr"`
			Name       string `xml:"Имя,attr"`
			Patronymic string `xml:"Отчество,attr"`
		} `xml:"ФИО"`
	} `xml:"ИдСв>СвИП"`
}

type titleRow struct {
	Name     string   `xml:"НаимТов,attr"`
	Unit     string   `xml:"НаимЕдИзм,attr"`
	Quantity string   `xml:"КолТов,attr"`
	Price    string   `xml:"ЦенаТов,attr"`
	Net      string   `xml:"СтТовБезНДС,attr"`
	Rate     string   `xml:"НалСт,attr"`
	Gross    string   `xml:"СтТовУчНал,attr"`
	Tax      titleTax `xml:"СумНал"`
}

type titleTax struct {
	Sum  string `xml:"СумНал"`
	None string `xml:"БезНДС"`
}

// inn returns the INN of a company or a sole proprietor.
func (p titleParty) inn() string { return orElse(p.Legal.INN, p.Trader.INN) }

// sum returns the sum of the act with tax, or without tax when there is none.
func (t *title) sum() string { return orElse(t.Document.Totals.Gross, t.Document.Totals.Net) }

var prolog = regexp.MustCompile(`^<\?xml\s[^>]*encoding=["'](?i:windows-1251)["']`)

// readTitle reads a seller's title and checks what the operator checks before storing it: encoding, XML, file name (docs/contracts/sbis.md, "УПД: file" and "УПД: seller title").
func readTitle(name string, data []byte) (*title, error) {
	if !prolog.Match(data) {
		return nil, fmt.Errorf("файл %s не в кодировке windows-1251", name)
	}
	var t title
	if err := decodeXML(data, &t); err != nil {
		return nil, fmt.Errorf("файл %s не читается: ожидается XML формата УПД", name)
	}
	base, isXML := strings.CutSuffix(name, ".xml")
	switch {
	case !isXML || base != t.ID:
		return nil, fmt.Errorf("имя файла %s не совпадает с ИдФайл", name)
	case t.Version != "5.03" || t.Document.KND != "1115131":
		return nil, fmt.Errorf("формат файла %s не поддерживается", name)
	case t.Document.Invoice.Number == "" || !validDay(t.Document.Invoice.Date):
		return nil, fmt.Errorf("в файле %s нет номера или даты документа", name)
	}
	return &t, nil
}

// decodeXML reads exactly one element and nothing after it.
func decodeXML(data []byte, out any) error {
	dec := xml.NewDecoder(bytes.NewReader(data))
	dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) {
		return charmap.Windows1251.NewDecoder().Reader(in), nil
	}
	if err := dec.Decode(out); err != nil {
		return err
	}
	for {
		token, err := dec.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if _, element := token.(xml.StartElement); element {
			return fmt.Errorf("a second root element")
		}
	}
}

// kind returns the type of the attachment, which depends on the function of the title.
func (t *title) kind() string {
	switch t.Document.Function {
	case "СЧФДОП":
		return "УпдСчфДоп"
	case "СЧФ":
		return "СчФктр"
	}
	return "УпдДоп"
}

// to1251 encodes a text; characters outside the encoding become numeric references (docs/contracts/sbis.md, "УПД: file").
func to1251(text string) []byte {
	out, err := encoding.HTMLEscapeUnsupported(charmap.Windows1251.NewEncoder()).Bytes([]byte(text))
	if err != nil {
		panic(err)
	}
	return out
}

func from1251(data []byte) string {
	out, err := charmap.Windows1251.NewDecoder().Bytes(data)
	if err != nil {
		return ""
	}
	return string(out)
}
