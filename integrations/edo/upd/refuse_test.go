package upd

import (
	"errors"
	"strings"
	"testing"
	"time"

	"acts24/acts"
)

func TestSellerTitleRefuses(t *testing.T) {
	long := func(n int) string { return strings.Repeat("ы", n) }
	for name, tt := range map[string]struct {
		change  func(*acts.Act, *Envelope)
		message string
	}{
		"no number":                        {func(a *acts.Act, _ *Envelope) { a.Number = "\u200b" }, "Не хватает данных: номер акта."},
		"a number too long for an invoice": {func(a *acts.Act, _ *Envelope) { a.Function, a.Number = acts.FunctionActAndInvoice, long(256) }, "номер акта, знаков 256, а можно 255"},
		"no date":                          {func(a *acts.Act, _ *Envelope) { a.Date = time.Time{} }, "Не хватает данных: дата акта."},
		"the year 1026":                    {func(a *acts.Act, _ *Envelope) { a.Basis.Date = a.Basis.Date.AddDate(-1000, 0, 0) }, "Неверный год: дата основания"},
		"no function":                      {func(a *acts.Act, _ *Envelope) { a.Function = "" }, "Выберите, что передаётся"},
		"a wrong id of the recipient":      {func(_ *acts.Act, e *Envelope) { e.RecipientID = "2BM_1" }, "Идентификатор ЭДО контрагента."},
		"an empty id of ours":              {func(_ *acts.Act, e *Envelope) { e.SenderID = "" }, "Идентификатор ЭДО нашей организации."},
		"our own id as the counterparty's": {func(_ *acts.Act, e *Envelope) { e.RecipientID = e.SenderID }, "совпадают"},
		"a mistyped ИНН":                   {func(a *acts.Act, _ *Envelope) { a.Buyer.INN = "7802020206" }, "Реквизиты контрагента: в ИНН опечатка"},
		"no КПП":                           {func(a *acts.Act, _ *Envelope) { a.Seller.KPP = "" }, "Реквизиты нашей организации: не указан КПП"},
		"a КПП of an unknown region":       {func(a *acts.Act, _ *Envelope) { a.Seller.KPP = "001001001" }, "КПП"},
		"a mistyped ОГРНИП":                {func(a *acts.Act, _ *Envelope) { a.Buyer = entrepreneur(); a.Buyer.OGRN = "1" }, "ОГРНИП"},
		"an invoice of an entrepreneur without the day of the ОГРНИП": {func(a *acts.Act, _ *Envelope) {
			a.Seller, a.Function = entrepreneur(), acts.FunctionActAndInvoice
			a.Seller.OGRN = "320500300000121"
		}, "п. 6 ст. 169"},
		"an entrepreneur with a company's ИНН": {func(a *acts.Act, _ *Envelope) { a.Buyer.Kind = acts.PartyPerson }, "по ИНН это Юрлицо"},
		"an entrepreneur without a first name": {func(a *acts.Act, _ *Envelope) { a.Buyer = entrepreneur(); a.Buyer.FirstName = "" }, "имя контрагента. Заполните в реквизитах контрагента."},
		"a name of 1,001 letters":              {func(a *acts.Act, _ *Envelope) { a.Buyer.Name = long(1001) }, "название контрагента, знаков 1001, а можно 1000"},
		"an address of 1,001 letters":          {func(a *acts.Act, _ *Envelope) { a.Seller.Address = long(1001) }, "адрес нашей организации"},
		"a surname of 61 letters":              {func(a *acts.Act, _ *Envelope) { a.Signer.Last = long(61) }, "фамилия подписанта"},
		"an invoice without an address":        {func(a *acts.Act, _ *Envelope) { a.Function, a.Buyer.Address = acts.FunctionActAndInvoice, "" }, "адрес контрагента"},
		"no position of a company's signer":    {func(a *acts.Act, _ *Envelope) { a.Signer.Position = "" }, "должность подписанта"},
		"half a period":                        {func(a *acts.Act, _ *Envelope) { a.From = a.Date }, "конец периода"},
		"a period that ends before its start":  {func(a *acts.Act, _ *Envelope) { a.From, a.To = a.Date, a.Date.AddDate(0, 0, -1) }, "Период заканчивается раньше"},
		"a contract without a date":            {func(a *acts.Act, _ *Envelope) { a.Basis.Date = time.Time{} }, "У основания «Договор № 17/26» нет даты"},
		"a basis with a number and no name":    {func(a *acts.Act, _ *Envelope) { a.Basis.Name = "" }, "не указано название"},
		"a contract later than the act":        {func(a *acts.Act, _ *Envelope) { a.Basis.Date = a.Date.AddDate(0, 0, 1) }, "позже даты акта"},
		"a payment without a number":           {func(a *acts.Act, _ *Envelope) { a.Payments = []acts.Payment{{Date: a.Date}} }, "номер платёжного документа"},
		"a short id of a state contract":       {func(a *acts.Act, _ *Envelope) { a.StateContract = "123" }, "госконтракта от 20 до 25 знаков"},
		"no lines":                             {func(a *acts.Act, _ *Envelope) { *a = withLines(*a) }, "В акте нет строк."},
		"totals of other lines":                {func(a *acts.Act, _ *Envelope) { a.Totals.Gross++ }, "Сумма акта не сходится"},
		"a line with a name that is too long":  {func(a *acts.Act, _ *Envelope) { a.Lines[0].Name = strings.Repeat("ж", 2001) }, "Строка 1: название длиннее 2000 знаков."},
		"a line without a name":                {func(a *acts.Act, _ *Envelope) { a.Lines[0].Name = "\x01" }, "Строка 1: нет названия."},
		"a code without a unit":                {func(a *acts.Act, _ *Envelope) { a.Lines[0].Unit.Name = "" }, "Строка 1: у единицы измерения с кодом 356"},
		"20 % in 2026":                         {func(a *acts.Act, _ *Envelope) { *a = withLines(*a, line("Работа", "1", "1", "20")) }, "Строка 1: НДС 20 % не действует на 31.10.2026."},
		"an unknown rate":                      {func(a *acts.Act, _ *Envelope) { *a = withLines(*a, line("Работа", "1", "1", "13")) }, "Строка 1: НДС 13 %"},
		"a quantity of zero":                   {func(a *acts.Act, _ *Envelope) { *a = withLines(*a, line("Работа", "0", "1", "22")) }, "количество должно быть больше нуля"},
		"twelve decimals":                      {func(a *acts.Act, _ *Envelope) { *a = withLines(*a, line("Работа", "1.000000000001", "1", "22")) }, "Округлите"},
		"a price beyond the format": {func(a *acts.Act, _ *Envelope) {
			*a = withLines(*a, line("Работа", "0.00000000001", "1000000000000000", "22"))
			a.Lines[0].Net = 1e17
			a.Lines[0].Tax = 0
			a.Lines[0].Gross = 1e17
		}, "слишком большая цена"},
		"a price of zero in an invoice": {func(a *acts.Act, _ *Envelope) {
			*a = withLines(*a, line("Подарок", "1", "0", "22"))
			a.Function = acts.FunctionActAndInvoice
		}, "цена должна быть больше нуля"},
		"a discount line":       {func(a *acts.Act, _ *Envelope) { *a = withLines(*a, line("Скидка", "1", "-5", "22")) }, "не сходятся"},
		"tax without VAT":       {func(a *acts.Act, _ *Envelope) { a.Lines[0].Rate = acts.NoVAT }, "не сходятся"},
		"many mistakes at once": {func(a *acts.Act, e *Envelope) { *a, *e = acts.Act{}, Envelope{GUID: e.GUID, Moment: e.Moment} }, "И ещё замечаний:"},
	} {
		t.Run(name, func(t *testing.T) {
			act, e := validAct(), envelope()
			tt.change(&act, &e)
			title, err := SellerTitle(act, e)
			if !errors.Is(err, acts.Invalid) || title.Name != "" || title.Body != nil {
				t.Fatalf("SellerTitle = %s, %v; want a refusal", title.Name, err)
			}
			message := acts.Message(err)
			if !strings.Contains(message, tt.message) {
				t.Errorf("the message is %q, want %q in it", message, tt.message)
			}
			faults, err := Faults(act, e)
			var texts []string
			for _, f := range faults {
				texts = append(texts, f.Text)
				if f.Check == "" {
					t.Errorf("the fault %q has no Check", f.Text)
				}
			}
			if err != nil || acts.JoinFaults(texts) != message {
				t.Errorf("Faults returns %q, %v; want the message of the title: %q", acts.JoinFaults(texts), err, message)
			}
		})
	}
}

// Every fault names the line of the check before the handover to which it belongs.
func TestFaultsNameTheirCheck(t *testing.T) {
	for check, change := range map[string]func(*acts.Act, *Envelope){
		acts.CheckTitleBuyer:       func(a *acts.Act, _ *Envelope) { a.Buyer.INN = "1" },
		acts.CheckTitleSeller:      func(a *acts.Act, _ *Envelope) { a.Seller.KPP = "" },
		acts.CheckTitleAddress:     func(a *acts.Act, _ *Envelope) { a.Function, a.Buyer.Address = acts.FunctionActAndInvoice, "" },
		acts.CheckTitleBasis:       func(a *acts.Act, _ *Envelope) { a.Basis.Name = strings.Repeat("ы", 256) },
		acts.CheckTitleRates:       func(a *acts.Act, _ *Envelope) { *a = withLines(*a, line("Работа", "1", "1", "20")) },
		acts.CheckTitleRows:        func(a *acts.Act, _ *Envelope) { a.Lines[0].Unit.Name = "" },
		acts.CheckTitleSigner:      func(a *acts.Act, _ *Envelope) { a.Signer.Position = strings.Repeat("ы", 256) },
		acts.CheckTitleNumber:      func(a *acts.Act, _ *Envelope) { a.Number = "" },
		acts.CheckTitleParticipant: func(_ *acts.Act, e *Envelope) { e.RecipientID = "" },
		acts.CheckTitleAccount:     func(_ *acts.Act, e *Envelope) { e.SenderID = "" },
		acts.CheckTitleDocument:    func(a *acts.Act, _ *Envelope) { a.From = a.Date },
	} {
		act, e := validAct(), envelope()
		change(&act, &e)
		if faults, err := Faults(act, e); err != nil || len(faults) != 1 || faults[0].Check != check {
			t.Errorf("Faults = %v, %v; want one of %s", faults, err, check)
		}
	}
	if faults, err := Faults(validAct(), envelope()); err != nil || len(faults) > 0 {
		t.Errorf("Faults of a valid act = %v, %v; want none", faults, err)
	}
}

// A line with the price zero is allowed in an act without an invoice.
func TestPriceOfZeroInAnAct(t *testing.T) {
	act := withLines(validAct(), line("Подарок", "1", "0", acts.NoVAT))
	expectReadBack(t, act, mustBuild(t, act))
}
