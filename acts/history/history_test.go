package history_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/acts/history"
)

func TestBy(t *testing.T) {
	for name, tt := range map[string]struct {
		actor        acts.Actor
		person, from string
		want         string
	}{
		"a person on a page":          {acts.ActorPerson, "Анна Громова", "", "Анна Громова"},
		"a person in the CRM":         {acts.ActorPerson, "Анна Громова", history.SourceCRM, "Анна Громова, в CRM"},
		"the portal names nobody":     {acts.ActorPerson, "", history.SourceCRM, "Битрикс24"},
		"an action on many acts":      {acts.ActorPerson, "Анна Громова", history.SourceBulk, "Анна Громова, действие со списком актов"},
		"the counterparty's answer":   {acts.ActorPerson, "Контрагент", history.SourceAnswer, "Контрагент, ответ о способе обмена"},
		"an event of SBIS":            {acts.ActorOperator, "", "7f0c", "СБИС, событие документа"},
		"a signature at SBIS":         {acts.ActorOperator, "Пётр Орлов", "7f0c", "Пётр Орлов, СБИС, событие документа"},
		"an answer of SBIS to a call": {acts.ActorOperator, "", "", "СБИС, ответ на наш запрос"},
		"a deadline":                  {acts.ActorClock, "", "", "по сроку"},
	} {
		if got := history.By(tt.actor, tt.person, tt.from); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestBetween(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 11, n, 0, 0, 0, 0, time.UTC) }
	was := acts.Act{Date: day(1), Medium: acts.MediumPaper, PartyKind: acts.PartyCompany, Channel: acts.ChannelPost,
		Lines:  []acts.Line{{N: 1, Row: 7, Name: "Поиск", Quantity: decimal.NewFromInt(2), Price: decimal.NewFromInt(100), Rate: "22"}},
		Totals: acts.Totals{Tax: 3607, Gross: 20000}, Signer: acts.Signer{Last: "Громов"}, Seller: acts.Party{Name: "Мы", INN: "7701010105"}}
	if list := history.Between(was, was); len(list) != 0 {
		t.Errorf("nothing was changed: %v", list)
	}
	is := was
	is.Number, is.Date, is.Medium, is.Channel, is.Signer = "5", day(2), acts.MediumElectronic, acts.ChannelEDO, acts.Signer{Last: "Орлова"}
	is.Lines = slices.Clone(was.Lines)
	is.Lines[0].Quantity = decimal.NewFromInt(3)
	is.Totals = acts.Totals{Tax: 5410, Gross: 30000}
	is.OriginalOn, is.Delivery = day(9), acts.DeliveryQueued
	var got []string
	for _, d := range history.Between(was, is) {
		got = append(got, strings.ReplaceAll(d.String(), "\u00a0", " "))
	}
	for _, want := range []string{"Номер: нет → 5", "Дата акта: 01.11.2026 → 02.11.2026", "Тип акта: Бумажный, Юрлицо → Электронный, Юрлицо",
		"Способ отправки: Почта, курьер или лично → ЭДО", "Подписант: Громов → Орлова", "«Поиск», количество: 2 → 3", "Сумма акта: 200,00 ₽ → 300,00 ₽",
		"Сумма НДС: 36,07 ₽ → 54,10 ₽", "Оригинал: нет → получен 09.11.2026", "Передача документа: Не передан → Передаётся в СБИС"} {
		if !slices.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
	if len(got) != 10 {
		t.Errorf("%d changes: %q", len(got), got)
	}
}

func TestStatusChange(t *testing.T) {
	if list := history.StatusChange(acts.StatusSent, acts.StatusSent); len(list) != 0 {
		t.Errorf("a status that stays: %v", list)
	}
	list := history.StatusChange(acts.StatusSent, acts.StatusSigned)
	if want := "Статус: " + acts.StatusSent.Label() + " → " + acts.StatusSigned.Label(); len(list) != 1 || list[0].String() != want {
		t.Errorf("%v, want %q", list, want)
	}
}
