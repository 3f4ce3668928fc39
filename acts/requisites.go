package acts

import "fmt"

// RequisiteChoice holds the requisites of both sides chosen in a deal. The deal's requisite link names those
// that its documents use
// (apidocs.bitrix24.ru/api-reference/crm/requisites/links/crm-requisite-link-get.html).
type RequisiteChoice struct {
	Lost    bool        `json:"lost,omitempty"`     // the link names requisites that the counterparty does not have
	Among   int         `json:"among,omitempty"`    // number of the counterparty's requisites when the deal chooses none of several
	Own     int64       `json:"own,omitempty"`      // our requisites, 0 when none are chosen
	OwnName string      `json:"own_name,omitempty"` // name of our requisites, "" when the CRM does not show it
	OwnBank BankAccount `json:"own_bank,omitzero"`  // our bank account, empty when none is chosen
}

// LostMessage returns a message when the deal names requisites that its counterparty does not have, or "".
func (c RequisiteChoice) LostMessage() string {
	if !c.Lost {
		return ""
	}
	return "В сделке выбраны реквизиты, которых у контрагента больше нет. Откройте сделку и выберите реквизиты контрагента заново."
}

// UnknownOwnMessage returns a message when the deal names our requisites and the settings do not have them, or "".
func (c RequisiteChoice) UnknownOwnMessage() string {
	name := c.OwnName
	if name == "" {
		name = fmt.Sprintf("№ %d", c.Own)
	}
	return "В сделке выбраны наши реквизиты " + name + ", а они не настроены. Попросите администратора добавить их в настройках (раздел «Наши организации») или выберите в сделке другие."
}

// BankAccount is an account of a party at a bank.
type BankAccount struct {
	Bank        string `json:"bank,omitempty"`
	BIK         string `json:"bik,omitempty"`
	Account     string `json:"account,omitempty"`
	CorrAccount string `json:"corr,omitempty"`
	Cleaned     string `json:"cleaned,omitempty"` // like Party.Cleaned
}

// WithBank returns the party with another bank account; an empty account changes nothing.
func (p Party) WithBank(b BankAccount) Party {
	if b != (BankAccount{}) {
		p.Bank, p.BIK, p.Account, p.CorrAccount = b.Bank, b.BIK, b.Account, b.CorrAccount
		p.addCleaned(b.Cleaned)
	}
	return p
}

// Requisites returns a label that distinguishes the requisites of a party: the name with ИНН and КПП.
func (p Party) Requisites() string {
	text := p.FullName()
	if p.INN != "" {
		text += ", ИНН " + p.INN
	}
	if p.KPP != "" {
		text += ", КПП " + p.KPP
	}
	return text
}
