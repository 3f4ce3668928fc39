package upd

import "acts24/acts"

// invoice builds СвСчФакт. An act that is also an invoice names itself as the document of shipment
// (line 5а of an invoice).
func (b *builder) invoice() invoice {
	act, number := b.act, field{"номер акта", "в форме акта", 1000}
	if act.Function == acts.FunctionActAndInvoice {
		number.limit = 255
	}
	head := invoice{
		Number:   b.number(number),
		Date:     b.date(act.Date, field{what: "дата акта", where: "в форме акта"}),
		Sellers:  []party{b.party(act.Seller, acts.CheckTitleSeller, "нашей организации")},
		Buyers:   []party{b.party(act.Buyer, acts.CheckTitleBuyer, "контрагента")},
		Currency: currency{"643", "Российский рубль"},
	}
	b.advances(&head)
	b.correction(&head)
	if act.Function == acts.FunctionActAndInvoice {
		head.Shipments = []docReference{{acts.DocumentName, head.Number, head.Date}}
	}
	return head
}

// advances builds lines 5 and 8 of an invoice: payments in advance and the id of a state contract.
func (b *builder) advances(head *invoice) {
	for _, p := range b.act.Payments {
		if text := p.Fault(); text != "" {
			b.refuse("%s", text)
		}
		head.Payments = append(head.Payments, payment{clean(p.Number), p.Date.Format(dateLayout)})
	}
	contract := clean(b.act.StateContract)
	if text := acts.StateContractFault(contract); text != "" {
		b.refuse("%s", text)
	}
	if contract != "" {
		head.Case = &caseInfo{Contract: contract}
	}
}

// correction builds line 1а of an invoice and the reference to the corrected title.
func (b *builder) correction(head *invoice) {
	c := b.act.Correction
	if !c.IsSet() {
		return
	}
	if c.N < 1 || c.N > acts.MaxCorrections {
		b.refuse("У документа может быть не больше %d исправлений. Аннулируйте акт и сформируйте новый.", acts.MaxCorrections)
	}
	head.Correction = &correction{N: c.N, Date: b.date(c.Date, field{what: "дата исправления", where: "в форме акта"})}
	head.Corrects = b.optional(c.File, field{"имя исправляемого файла", "в форме акта", 255})
}

func (b *builder) number(f field) string {
	defer b.forLine(acts.CheckTitleNumber)()
	return b.required(b.act.Number, f)
}

// party builds УчастникТип; whose is the party in the genitive, for faults.
func (b *builder) party(p acts.Party, line, whose string) party {
	defer b.forLine(line)()
	if p.Unsupported != "" {
		if line == acts.CheckTitleBuyer {
			b.line = acts.CheckTitleActType
		}
		b.refuse("%s", p.Unsupported.Message(map[string]string{acts.CheckTitleBuyer: "Контрагент", acts.CheckTitleSeller: "Исполнитель"}[line]))
		return party{}
	}
	b.checkCodes(p, whose)
	out := party{Address: b.address(p, whose)}
	where := "в реквизитах " + whose
	if p.Kind == acts.PartyPerson {
		name := acts.Signer{Last: p.LastName, First: p.FirstName, Middle: p.MiddleName}
		out.ID.Person = &person{INN: p.INN, OGRN: p.OGRN, Name: b.fullName(name, whose, where)}
		if p.OGRN != "" && !p.Registered.IsZero() {
			out.ID.Person.Day = b.date(p.Registered, field{"дата ОГРНИП", "в настройках организации", 10})
		}
		if text := acts.InvoicerFault(p); text != "" && line == acts.CheckTitleSeller && b.act.Function == acts.FunctionActAndInvoice {
			b.refuse("%s", text)
		}
		return out
	}
	name := b.required(p.Name, field{"название " + whose, where, 1000})
	out.ID.Company = &company{Name: name, INN: p.INN, KPP: p.KPP}
	return out
}

// checkCodes checks what the schema does not: check digits, and that the kind of the party fits its ИНН.
func (b *builder) checkCodes(p acts.Party, whose string) {
	faults := []string{acts.CheckINN(p.INN)}
	if p.Kind == acts.PartyCompany {
		faults = append(faults, acts.CheckKPP(p.KPP))
	} else if p.OGRN != "" {
		faults = append(faults, acts.CheckOGRN(p.OGRN, acts.PartyPerson))
	}
	if faults[0] == "" && acts.KindByINN(p.INN) != p.Kind {
		faults = append(faults, "по ИНН это "+acts.KindByINN(p.INN).Label()+", а заполнено иначе")
	}
	for _, text := range faults {
		if text != "" {
			b.refuse("Реквизиты %s: %s. Исправьте реквизиты.", whose, text)
		}
	}
}

// address builds a free-text address; it is mandatory in an invoice.
func (b *builder) address(p acts.Party, whose string) *address {
	defer b.forLine(acts.CheckTitleAddress)()
	f := field{"адрес " + whose, "в реквизитах " + whose, 1000}
	read := b.optional
	if b.act.Function == acts.FunctionActAndInvoice {
		read = b.required
	}
	text := read(p.Address, f)
	if text == "" {
		return nil
	}
	return &address{Text: &freeAddress{Country: "643", Name: "Россия", Text: text}}
}

func (b *builder) fullName(s acts.Signer, whose, where string) fullName {
	return fullName{
		Last:   b.required(s.Last, field{"фамилия " + whose, where, 60}),
		First:  b.required(s.First, field{"имя " + whose, where, 60}),
		Middle: b.optional(s.Middle, field{"отчество " + whose, where, 60}),
	}
}

// signer builds Подписант. The powers are in the data of the signature (СпосПодтПолном 1), or in a machine-readable power
// of attorney that a register keeps (3).
func (b *builder) signer() signer {
	defer b.forLine(acts.CheckTitleSigner)()
	s := b.act.Signer
	out := signer{Ground: "1", Name: b.fullName(s, "подписанта", "в форме акта")}
	if s.Power.ID != "" {
		out.Ground = "3"
		issued := b.date(s.Power.Issued, field{what: "дата доверенности", where: "в настройках организации"})
		out.Power = []power{{Number: s.Power.ID, Issued: issued, Store: acts.PowerOfAttorneyRegistry}}
	}
	if b.act.Seller.Kind == acts.PartyPerson && clean(s.Position) == "" {
		out.Position = "Индивидуальный предприниматель"
		return out
	}
	out.Position = b.required(s.Position, field{"должность подписанта", "в форме акта", 255})
	return out
}
