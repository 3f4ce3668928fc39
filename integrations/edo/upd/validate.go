package upd

import (
	"strings"

	"acts24/acts"
)

// Functions of the format that an act does not use but the rules distinguish.
const (
	onlyInvoice   = "СЧФ"
	agentSale     = "СвРК"
	agentPurchase = "СвЗК"
)

// validate checks the rules of the schematron, which XSD validators do not run
// (docs/contracts/sbis.md, "УПД: seller title"). Each is acts.Invalid and names the place.
func (b *builder) validate(t Title) error {
	var f file
	if err := decode(t.Body, &f); err != nil {
		return err
	}
	b.checkFile(strings.TrimSuffix(t.Name, ".xml"), &f)
	b.checkParties(&f.Document)
	b.checkRows(&f.Document)
	b.checkTotal(&f.Document)
	return nil
}

// check adds a fault when a rule does not hold.
func (b *builder) check(holds bool, text string, values ...any) {
	if !holds {
		b.refuse(text, values...)
	}
}

// isInvoice reports whether the document is an invoice.
func (d *document) isInvoice() bool {
	return d.Function == onlyInvoice || d.Function == string(acts.FunctionActAndInvoice)
}

func (d *document) isAct() bool {
	return d.Function == string(acts.FunctionAct) || d.Function == string(acts.FunctionActAndInvoice)
}

// checkFile checks rules 1, 2, 3, 8 and 9: the file as a whole, the fact and the signers.
func (b *builder) checkFile(name string, f *file) {
	d := &f.Document
	b.check(name == f.ID, "Имя файла не совпадает с ИдФайл. Передайте документ заново.")
	named := d.isAct() || d.Function == agentSale || d.Function == agentPurchase
	b.check(named == (d.Name != ""), "Название документа (НаимДокОпр) не подходит к функции %s.", d.Function)
	b.check(d.Table != nil || !d.isInvoice(), "В счёте-фактуре нет строк. Добавьте хотя бы одну.")
	b.check(d.Handover != nil || !d.isAct(), "Нет сведений о том, что работы выполнены (СвПродПер).")
	if d.Handover != nil && d.isAct() {
		at := d.Handover.Fact
		b.check(at.Date != "" || at.From != "" && at.To != "", "Не указаны ни дата, ни период выполнения. Заполните период в форме акта.")
	}
	for _, s := range d.Signers {
		b.check((s.Ground == "3") == (len(s.Power) > 0), "Электронная доверенность указывается только при способе подтверждения полномочий 3.")
		b.check((s.Ground == "5") == (len(s.OnPaper) > 0), "Бумажная доверенность указывается только при способе подтверждения полномочий 5.")
	}
}

// checkParties checks rule 4: in an invoice every party has an address.
func (b *builder) checkParties(d *document) {
	if !d.isInvoice() {
		return
	}
	b.checkAddresses("продавца", d.Invoice.Sellers...)
	b.checkAddresses("покупателя", d.Invoice.Buyers...)
	b.checkAddresses("грузополучателя", d.Invoice.Consignees...)
	for _, s := range d.Invoice.Senders {
		if s.Party != nil {
			b.checkAddresses("грузоотправителя", *s.Party)
		}
	}
	if c := d.Invoice.Case; c != nil && c.Factor != nil {
		b.checkAddresses("фактора", *c.Factor)
	}
}

func (b *builder) checkAddresses(whose string, parties ...party) {
	for _, p := range parties {
		b.check(p.Address != nil, "В счёте-фактуре нужен адрес %s. Заполните его в реквизитах.", whose)
	}
}
