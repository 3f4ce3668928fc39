package upd

import "acts24/acts"

// invoice makes СвСчФакт. An act that is an invoice too names itself as the document of shipment
// (line 5а of an invoice).
func (b *builder) invoice() invoice {
	act, number := b.act, field{"номер акта", "в форме акта", 1000}
	if act.Function == acts.ActAndInvoice {
		number.limit = 255
	}
	head := invoice{
		Number:   b.need(act.Number, number),
		Date:     b.date(act.Date, field{what: "дата акта", where: "в форме акта"}),
		Sellers:  []party{b.party(act.Seller, "нашей организации")},
		Buyers:   []party{b.party(act.Buyer, "контрагента")},
		Currency: currency{"643", "Российский рубль"},
	}
	if act.Function == acts.ActAndInvoice {
		head.Shipments = []paper{{acts.DocumentName, head.Number, head.Date}}
	}
	return head
}

// party makes УчастникТип; whose is the genitive that refusals use.
func (b *builder) party(p acts.Party, whose string) party {
	b.numbers(p, whose)
	out := party{Address: b.address(p, whose)}
	where := "в реквизитах " + whose
	if p.Kind == acts.Person {
		name := acts.Signer{Last: p.LastName, First: p.FirstName, Middle: p.MiddleName}
		out.ID.Person = &person{INN: p.INN, OGRN: p.OGRN, Name: b.fullName(name, whose, where)}
		return out
	}
	name := b.need(p.Name, field{"название " + whose, where, 1000})
	out.ID.Company = &company{Name: name, INN: p.INN, KPP: p.KPP}
	return out
}

// numbers checks what the schema cannot: check digits, and that the kind of the party is that of its ИНН.
func (b *builder) numbers(p acts.Party, whose string) {
	faults := []string{acts.CheckINN(p.INN)}
	if p.Kind == acts.Company {
		faults = append(faults, acts.CheckKPP(p.KPP))
	} else if p.OGRN != "" {
		faults = append(faults, acts.CheckOGRN(p.OGRN, acts.Person))
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

// address is free text; an invoice cannot do without it.
func (b *builder) address(p acts.Party, whose string) *address {
	f := field{"адрес " + whose, "в реквизитах " + whose, 1000}
	take := b.fit
	if b.act.Function == acts.ActAndInvoice {
		take = b.need
	}
	text := take(p.Address, f)
	if text == "" {
		return nil
	}
	return &address{Text: &freeAddress{Country: "643", Name: "Россия", Text: text}}
}

func (b *builder) fullName(s acts.Signer, whose, where string) fullName {
	return fullName{
		Last:   b.need(s.Last, field{"фамилия " + whose, where, 60}),
		First:  b.need(s.First, field{"имя " + whose, where, 60}),
		Middle: b.fit(s.Middle, field{"отчество " + whose, where, 60}),
	}
}

// signer makes Подписант. His powers are in the data of the signature (СпосПодтПолном 1), or in a machine-readable power
// of attorney that a register keeps (3).
func (b *builder) signer() signer {
	s := b.act.Signer
	out := signer{Ground: "1", Name: b.fullName(s, "подписанта", "в форме акта")}
	if s.Power.ID != "" {
		out.Ground = "3"
		issued := b.date(s.Power.Issued, field{what: "дата доверенности", where: "в настройках организации"})
		out.Power = []power{{Number: s.Power.ID, Issued: issued, Store: acts.PowerStore}}
	}
	if b.act.Seller.Kind == acts.Person && clean(s.Position) == "" {
		out.Position = "Индивидуальный предприниматель"
		return out
	}
	out.Position = b.need(s.Position, field{"должность подписанта", "в форме акта", 255})
	return out
}
