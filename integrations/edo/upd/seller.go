// Package upd builds the seller's title of УПД 5.03 (КНД 1115131) for an act and reads the buyer's title. The format is described in
// docs/contracts/sbis.md, "УПД: seller title".
package upd

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"acts24/acts"
)

// Envelope holds the values of a title that are not part of the act: participants, id, time and program.
type Envelope struct {
	SenderID    string    // our participant id
	RecipientID string    // the counterparty's participant id
	GUID        string    // of this document, new for every attempt
	Moment      time.Time // Moscow time of creation
	Program     string    // name and version of the program
}

// Title is a seller's title; exactly these bytes are signed.
type Title struct {
	Name string // ИдФайл + ".xml"
	Body []byte // windows-1251
}

const (
	dateLayout = "02.01.2006"
	timeLayout = "15.04.05"

	sellerKND     = "1115131"
	formatVersion = "5.03"
	factOfLife    = "Документ об отгрузке товаров (выполнении работ), передаче имущественных прав (документ об оказании услуг)"
)

var guidShape = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

// SellerTitle builds the title of the act. Faults that a user can correct are returned as acts.Invalid with messages that name the field. A
// title that violates the format is never returned.
func SellerTitle(act acts.Act, e Envelope) (Title, error) {
	title, b, err := build(act, e)
	if err == nil {
		err = b.err()
	}
	if err != nil {
		return Title{}, err
	}
	return title, nil
}

// Faults returns what SellerTitle would refuse, each with its line of the check.
func Faults(act acts.Act, e Envelope) ([]acts.DocumentFault, error) {
	_, b, err := build(act, e)
	return b.faults, err
}

// build builds the title or collects its faults.
func build(act acts.Act, e Envelope) (Title, builder, error) {
	b := builder{act: act, line: acts.CheckTitleDocument}
	if !guidShape.MatchString(e.GUID) || e.Moment.Year() < 2000 || e.Moment.Year() > 2099 {
		return Title{}, b, fmt.Errorf("seller title: guid %q, moment %s", e.GUID, e.Moment)
	}
	f := b.file(e)
	if len(b.faults) > 0 {
		return Title{}, b, nil
	}
	body, err := encode(f)
	if err != nil {
		return Title{}, b, err
	}
	title := Title{Name: f.ID + ".xml", Body: body}
	err = b.validate(title)
	return title, b, err
}

// fileID returns ИдФайл: the recipient precedes the sender; the last digits mean that there are no traceable or marked goods
// (docs/contracts/sbis.md, "УПД: file").
func (e Envelope) fileID() string {
	return strings.Join([]string{"ON_NSCHFDOPPR", e.RecipientID, e.SenderID,
		e.Moment.Format("20060102"), e.GUID, "0_0_0_0_0_00"}, "_")
}

func (b *builder) file(e Envelope) *file {
	done := b.forLine(acts.CheckTitleAccount)
	b.participant("нашей организации", e.SenderID)
	b.line = acts.CheckTitleParticipant
	b.participant("контрагента", e.RecipientID)
	if e.RecipientID == e.SenderID {
		b.refuse("Идентификаторы ЭДО контрагента и нашей организации совпадают. Исправьте идентификатор контрагента.")
	}
	done()
	program := cut(clean(e.Program), 40)
	if program == "" {
		program = "acts24"
	}
	return &file{ID: e.fileID(), Version: formatVersion, Program: program, Document: b.document(e.Moment)}
}

// participant adds a fault for an id that no operator can have assigned: such a file cannot be exchanged.
func (b *builder) participant(whose, id string) {
	if text := acts.CheckParticipant(id); text != "" {
		b.refuse("Идентификатор ЭДО %s. %s", whose, text)
	}
}

func (b *builder) document(moment time.Time) document {
	if f := b.act.Function; f != acts.FunctionAct && f != acts.FunctionActAndInvoice {
		b.refuse("Выберите, что передаётся: акт или акт со счётом-фактурой.")
	}
	author := clean(b.act.Seller.FullName()) + ", ИНН: " + b.act.Seller.INN
	return document{
		KND:      sellerKND,
		Function: string(b.act.Function),
		Fact:     factOfLife,
		Name:     acts.DocumentName,
		Date:     moment.Format(dateLayout),
		Time:     moment.Format(timeLayout),
		Author:   cut(author, 1000),
		Invoice:  b.invoice(),
		Table:    b.table(),
		Handover: b.handover(),
		Signers:  []signer{b.signer()},
	}
}
