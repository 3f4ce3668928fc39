package upd

import (
	"strconv"

	"acts24/acts"
)

// noNumber is the number of a basis document without a number.
const noNumber = "Без номера"

// handover builds СвПродПер: what was done, when, on which basis, and for which deal.
func (b *builder) handover() *handover {
	out := &handover{Fact: b.fact()}
	if b.act.Deal != 0 {
		out.Notes = &notes{Texts: []note{{Key: "ИдСделки", Value: strconv.FormatInt(int64(b.act.Deal), 10)}}}
	}
	return out
}

func (b *builder) fact() fact {
	out := b.period()
	if basis, ok := b.basis(); ok {
		out.Bases = []docReference{basis}
	} else {
		out.NoBasis = "1"
	}
	return out
}

// period is the act's period, or its date when it has none.
func (b *builder) period() fact {
	act, where := b.act, "в форме акта"
	out := fact{Operation: acts.Operation}
	if act.From.IsZero() && act.To.IsZero() {
		out.Date = act.Date.Format(dateLayout)
		return out
	}
	out.From = b.date(act.From, field{what: "начало периода", where: where})
	out.To = b.date(act.To, field{what: "конец периода", where: where})
	if !act.To.IsZero() && act.To.Before(act.From) {
		b.refuse("Период заканчивается раньше, чем начинается. Исправьте период %s.", where)
	}
	return out
}

// basis builds ОснПер. The schema requires the name and the date of a document; a basis without them is a fault.
func (b *builder) basis() (docReference, bool) {
	defer b.forLine(acts.CheckTitleBasis)()
	from, where := b.act.Basis, "в форме акта"
	from.Name = b.optional(from.Name, field{"название основания", where, 255})
	from.Number = b.optional(from.Number, field{"номер основания", where, 255})
	faults := from.Faults(b.act.Date)
	for _, f := range faults {
		b.refuse("%s", f.Text)
	}
	if len(faults) > 0 || from.Label() == "" {
		return docReference{}, false
	}
	if from.Number == "" {
		from.Number = noNumber
	}
	return docReference{from.Name, from.Number, b.date(from.Date, field{what: "дата основания", where: where})}, true
}
