package upd

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"acts24/acts"
)

// titleText returns the title of an act, decoded from windows-1251.
func titleText(t *testing.T, act acts.Act) string {
	t.Helper()
	title := mustBuild(t, act)
	in, err := charset("windows-1251", strings.NewReader(string(title.Body)))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if _, err := io.Copy(&text, in); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// Each value of an act is in its place in the title.
func TestSellerTitle(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*acts.Act)
		has    []string
		hasNot []string
	}{
		"an act of a company for a company": {nil, []string{
			`<?xml version="1.0" encoding="windows-1251"?>`, `ВерсФорм="5.03"`, `ВерсПрог="acts24 1.0"`,
			`КНД="1115131" Функция="ДОП"`, `НаимДокОпр="Акт о выполненных работах (оказанных услугах)"`,
			`ДатаИнфПр="31.10.2026" ВремИнфПр="10.05.00"`, `НомерДок="17" ДатаДок="31.10.2026"`,
			`<СвЮЛУч НаимОрг="ООО &quot;Пример-Исполнитель&quot;" ИННЮЛ="7701010105" КПП="770101001">`,
			`КодОКВ="643" НаимОКВ="Российский рубль"`, `СодОпер="Работы выполнены, услуги оказаны" ДатаПер="31.10.2026"`,
			`<ОснПер РеквНаимДок="Договор" РеквНомерДок="17/26" РеквДатаДок="15.01.2026">`,
			`<ТекстИнф Идентиф="ИдСделки" Значен="4711">`, `Должн="Генеральный директор" СпосПодтПолном="1"`,
		}, []string{"ДокПодтвОтгрНом", "БезДокОснПер", "ДатаНачПер", "ОГРНИП"}},
		"a row with tax": {nil, []string{
			`ОКЕИ_Тов="356" НаимЕдИзм="ч" КолТов="2.5" ЦенаТов="81967.224" СтТовБезНДС="204918.06" НалСт="22%" СтТовУчНал="250000.03"`,
			`ПрТовРаб="3"`, `<БезАкциз>без акциза</БезАкциз>`, `<СумНал><СумНал>45081.97</СумНал></СумНал>`,
			`СтТовБезНДСВсего="204918.06" СтТовУчНалВсего="250000.03"><СумНалВсего><СумНал>45081.97</СумНал></СумНалВсего>`,
		}, nil},
		"a row without VAT": {func(a *acts.Act) { *a = withLines(*a, line("Обучение", "3", "1000", acts.NoVAT)) }, []string{
			`ЦенаТов="1000.00" СтТовБезНДС="3000.00" НалСт="без НДС" СтТовУчНал="3000.00"`,
			`<СумНал><БезНДС>без НДС</БезНДС></СумНал>`, `<СумНалВсего><БезНДС>без НДС</БезНДС></СумНалВсего>`,
		}, nil},
		"zero percent is not «без НДС»": {func(a *acts.Act) { *a = withLines(*a, line("Экспорт", "1", "1000", "0")) }, []string{
			`НалСт="0%"`, `<СумНалВсего><СумНал>0.00</СумНал></СумНалВсего>`}, []string{"без НДС"}},
		"a long price": {func(a *acts.Act) { *a = withLines(*a, line("Треть", "3", "33.3333", acts.NoVAT)) }, []string{
			`КолТов="3" ЦенаТов="33.333" СтТовБезНДС="100.00"`}, nil},
		"an act with an invoice": {func(a *acts.Act) { a.Function = acts.FunctionActAndInvoice }, []string{
			`Функция="СЧФДОП"`, `<ДокПодтвОтгрНом РеквНаимДок="Акт о выполненных работах (оказанных услугах)" РеквНомерДок="17"`,
			`<АдрИнф КодСтр="643" НаимСтран="Россия" АдрТекст="101000, г. Москва`}, nil},
		"entrepreneurs on both sides": {func(a *acts.Act) {
			a.Seller, a.Buyer, a.Signer.Position = entrepreneur(), entrepreneur(), ""
			a.Seller.OGRN = "320500300000121"
		}, []string{`<СвИП ИННФЛ="500303030368" ОГРНИП="320500300000121"><ФИО Фамилия="Ёлкина" Имя="Анна" Отчество="Петровна">`,
			`<СвИП ИННФЛ="500303030368"><ФИО`, `Должн="Индивидуальный предприниматель"`}, []string{"СвЮЛУч"}},
		"an invoice of an entrepreneur": {func(a *acts.Act) {
			a.Seller, a.Signer.Position, a.Function = entrepreneur(), "", acts.FunctionActAndInvoice
			a.Seller.OGRN, a.Seller.Registered = "320500300000121", january15
		}, []string{`<СвИП ИННФЛ="500303030368" ОГРНИП="320500300000121" ДатаОГРНИП="15.01.2026"><ФИО`}, nil},
		"a period": {func(a *acts.Act) { a.From, a.To = october31.AddDate(0, 0, -30), october31 },
			[]string{`ДатаНачПер="01.10.2026" ДатаОконПер="31.10.2026"`}, []string{"ДатаПер"}},
		"no basis":                 {func(a *acts.Act) { a.Basis = acts.Basis{} }, []string{"<БезДокОснПер>1</БезДокОснПер>"}, []string{"ОснПер "}},
		"without a document":       {func(a *acts.Act) { a.Basis.None = true }, []string{"<БезДокОснПер>1</БезДокОснПер>"}, []string{"ОснПер "}},
		"a basis without a number": {func(a *acts.Act) { a.Basis.Number = " " }, []string{`РеквНомерДок="Без номера"`}, nil},
		"an employee with a power of attorney": {func(a *acts.Act) {
			a.Signer.Power = acts.PowerOfAttorney{ID: "dd52c3d2-405b-7fca-b0a3-0a2e5abb45f3", Issued: october31, Until: october31.AddDate(1, 0, 0)}
		}, []string{`СпосПодтПолном="3"`, `<СвДоверЭл НомДовер="dd52c3d2-405b-7fca-b0a3-0a2e5abb45f3" ДатаВыдДовер="31.10.2026" ИдСистХран="https://m4d.nalog.gov.ru/">`}, nil},
		"no deal":                      {func(a *acts.Act) { a.Deal = 0 }, nil, []string{"ИнфПолФХЖ3"}},
		"an act without addresses":     {func(a *acts.Act) { a.Seller.Address, a.Buyer.Address = "", "\t" }, nil, []string{"Адрес"}},
		"letters outside windows-1251": {func(a *acts.Act) { a.Lines[0].Name = "Ёж №1 — 100 ₽ 😀" }, []string{`НаимТов="Ёж №1 — 100 &#8381; &#128512;"`}, nil},
		"payments in advance and a state contract": {func(a *acts.Act) {
			a.Payments = []acts.Payment{{Number: "117", Date: january15}, {Number: "А-2", Date: october31}}
			a.StateContract, a.Function = "1234567890123456789012345", acts.FunctionActAndInvoice
		}, []string{`<СвПРД НомерПРД="117" ДатаПРД="15.01.2026"></СвПРД><СвПРД НомерПРД="А-2" ДатаПРД="31.10.2026"></СвПРД><ДокПодтвОтгрНом`,
			`<ДопСвФХЖ1 ИдГосКон="1234567890123456789012345"></ДопСвФХЖ1>`}, nil},
		"no payment":               {nil, nil, []string{"СвПРД", "ДопСвФХЖ1"}},
		"goods":                    {func(a *acts.Act) { a.Lines[0].Kind = acts.KindGoods }, []string{`ПрТовРаб="1"`}, nil},
		"work":                     {func(a *acts.Act) { a.Lines[0].Kind = acts.KindWork }, []string{`ПрТовРаб="2"`}, nil},
		"a row of an unknown kind": {func(a *acts.Act) { a.Lines[0].Kind = acts.KindUnknown }, nil, []string{"ПрТовРаб", "ДопСведТов"}},
		"no unit":                  {func(a *acts.Act) { a.Lines[0].Unit = acts.Unit{} }, nil, []string{"ОКЕИ_Тов", "НаимЕдИзм"}},
		"a unit of 001":            {func(a *acts.Act) { a.Lines[0].Unit = acts.Unit{Code: "001", Name: "пакет"} }, []string{`НаимЕдИзм="пакет"`}, []string{"ОКЕИ_Тов"}},
		"a unit of 9999":           {func(a *acts.Act) { a.Lines[0].Unit = acts.Unit{Code: "9999", Name: "пакет"} }, []string{`НаимЕдИзм="пакет"`}, []string{"ОКЕИ_Тов"}},
		"a unit of four digits":    {func(a *acts.Act) { a.Lines[0].Unit = acts.Unit{Code: "9245", Name: "запись"} }, []string{`ОКЕИ_Тов="9245" НаимЕдИзм="запись"`}, nil},
		"a metre":                  {func(a *acts.Act) { a.Lines[0].Unit = acts.Unit{Code: "006", Name: "м"} }, []string{`ОКЕИ_Тов="006" НаимЕдИзм="м"`}, nil},
		"a code that ОКЕИ lacks":   {func(a *acts.Act) { a.Lines[0].Unit = acts.Unit{Code: "9000001", Name: "визит"} }, []string{`НаимЕдИзм="визит"`}, []string{"ОКЕИ_Тов"}},
	} {
		t.Run(name, func(t *testing.T) {
			act := validAct()
			if tt.change != nil {
				tt.change(&act)
			}
			text := titleText(t, act)
			for _, part := range tt.has {
				if !strings.Contains(text, part) {
					t.Errorf("the title lacks %s:\n%s", part, text)
				}
			}
			for _, part := range tt.hasNot {
				if strings.Contains(text, part) {
					t.Errorf("the title has %s, want it without:\n%s", part, text)
				}
			}
		})
	}
}

func TestTitleFileName(t *testing.T) {
	title := mustBuild(t, validAct())
	want := "ON_NSCHFDOPPR_2BM-7802020205-780201001-201501010101_2BE64c9ac2bb5fe46c3ac32844bb97be6bc_20261031_1223ed45-c3e8-4456-66db-b4ed093821f8_0_0_0_0_0_00.xml"
	if title.Name != want {
		t.Errorf("Name = %s; want the recipient before the sender: %s", title.Name, want)
	}
}

// An envelope without its technical values is a mistake of the program: the error has no message for the user.
func TestIncompleteEnvelopeIsAnInternalError(t *testing.T) {
	for name, change := range map[string]func(*Envelope){
		"no guid":   func(e *Envelope) { e.GUID = "" },
		"no moment": func(e *Envelope) { e.Moment = time.Time{} },
	} {
		e := envelope()
		change(&e)
		if title, err := SellerTitle(validAct(), e); err == nil || errors.Is(err, acts.Invalid) || title.Name != "" {
			t.Errorf("%s: title %q, %v; want no title and an error that is not Invalid", name, title.Name, err)
		}
	}
}
