package handlers_test

import (
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/views"
)

// One form that is sent a hundred times at once, to two replicas in turn, makes one act, and every answer shows it.
func TestOneFormMakesOneAct(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	s.Must(err)
	_, stop := s.Serve(s.Clock, listener)
	t.Cleanup(stop)
	beside := *s.Manager // with the same cookies
	beside.AppURL = "http://" + listener.Addr().String()
	_, action, f := s.DealTab(s.Deal(1))
	var wg sync.WaitGroup
	paths := make([]string, 100)
	for i := range paths {
		wg.Go(func() {
			p, err := []*apptest.Visitor{s.Manager, &beside}[i%2].Post(action, f)
			if err != nil || p.Status != http.StatusOK {
				t.Errorf("status %d, %v", p.Status, err)
			}
			paths[i] = p.Path
		})
	}
	wg.Wait()
	for _, path := range paths {
		if path != paths[0] {
			t.Errorf("answers differ: %s and %s", paths[0], path)
		}
	}
	doc, _, _ := s.DealTab(s.Deal(1))
	if n := doc.Find("#acts tbody tr").Length(); n != 1 {
		t.Errorf("%d acts, want 1", n)
	}
}

func TestTwoFormsStayWithinTheRemainder(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	doc, action, first := s.DealTab(s.Deal(1))
	_, _, second := s.DealTab(s.Deal(1))
	name := apptest.QuantityFields(doc)[1] // the quantity of this row is 4
	for _, f := range []url.Values{first, second} {
		for _, other := range apptest.QuantityFields(doc) {
			if other != name {
				f.Del(strings.Replace(other, "quantity", "pick", 1))
			}
		}
		f.Set(name, "3")
	}
	p, err := s.Manager.Post(action, first)
	s.Page(p, err, http.StatusOK)
	p, err = s.Manager.Post(action, second)
	refused := s.Page(p, err, http.StatusUnprocessableEntity)
	if fault := apptest.TestID(refused, "fault-"+name).Text(); !strings.Contains(fault, "Осталось 1") {
		t.Errorf("fault %q, want the remainder of 1", fault)
	}
	second.Set(name, "1")
	p, err = s.Manager.Post(action, second)
	s.Page(p, err, http.StatusOK)
}

// Invalid input gives 422 with faults at the fields, and typed values are kept.
func TestBadInputStaysTyped(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	doc, action, good := s.DealTab(s.Deal(1))
	quantity := apptest.QuantityFields(doc)[0]
	good.Set("basis", "Договор")
	good.Set("basis-number", "105/26")
	good.Set("basis-date", "2026-01-12")
	for name, tt := range map[string]struct{ field, value, fault string }{
		"more than is left":          {quantity, "1000", "fault-" + quantity},
		"not a number":               {quantity, "много", "fault-" + quantity},
		"zero":                       {quantity, "0", "fault-" + quantity},
		"a negative number":          {quantity, "-1", "fault-" + quantity},
		"eight decimals":             {quantity, "0,12345678", "fault-" + quantity},
		"an id of 47 characters":     {"participant", "2BM-7802000015-780201001-2012052808301120662630", "fault-participant"},
		"a future date":              {"date", "2126-11-23", "fault-date"},
		"initials of the signer":     {"signer", "Иванов И.И.", "fault-signer"},
		"an empty basis":             {"basis", "", "fault-basis"},
		"a basis without a date":     {"basis-date", "", "fault-basis-date"},
		"a basis of a later day":     {"basis-date", "2026-12-31", "fault-basis-date"},
		"a wrong date":               {"date", "31.02.2026", "fault-date"},
		"a date of another century":  {"date", "1926-11-23", "fault-date"},
		"half a period":              {"from", "2026-11-01", "fault-to"},
		"a wrong participant id":     {"participant", "2BE-zzz", "fault-participant"},
		"no signer":                  {"signer", "", "fault-signer"},
		"a signer of one word":       {"signer", "Иванов", "fault-signer"},
		"a type that does not exist": {"type", "stone-giant", "fault-type"},
		"an invalid form key":        {"key", "1", "fault-key"},
	} {
		t.Run(name, func(t *testing.T) {
			s.T = t
			f := url.Values{}
			for k, v := range good {
				f[k] = v
			}
			f.Set(tt.field, tt.value)
			f.Set("ground", "Доверенность № 5 <b>")
			p, err := s.Manager.Post(action, f)
			page := s.Page(p, err, http.StatusUnprocessableEntity)
			if apptest.TestID(page, tt.fault).Text() == "" {
				t.Errorf("no message at %s:\n%s", tt.fault, page.Find(".fault").Text())
			}
			if v, ok := page.Find(`form.act-form input[name="` + tt.field + `"]:not([type=radio]):not([type=hidden])`).Attr("value"); ok && v != views.TypedDate(tt.value) {
				t.Errorf("%s is %q now", tt.field, v)
			}
			if v, _ := page.Find(`[name="ground"]`).Attr("value"); v != "Доверенность № 5 <b>" {
				t.Errorf("what was typed is lost: %q", v)
			}
			if n := page.Find("#acts tbody tr").Length(); n != 0 {
				t.Errorf("%d acts were made", n)
			}
		})
	}
}

func TestOldRateAndForeignCurrencyAreRefusedUntilChosen(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	old, foreign := s.Deal(1), s.Deal(3)
	twenty := 20.0
	s.Portal.SetRows(0, bitrix24test.Deal, old, []bitrix24test.Row{{Name: "Работа прошлого года", Price: 120, Quantity: 1, TaxRate: &twenty, TaxIncluded: true}})
	if err := s.Portal.Change(s.Portal.Manager(), bitrix24test.Deal, foreign, bitrix24test.Fields{"currencyId": "USD"}); err != nil {
		t.Fatal(err)
	}
	doc, action, f := s.DealTab(old)
	row := strings.TrimPrefix(apptest.QuantityFields(doc)[0], "quantity-")
	p, err := s.Manager.Post(action, f)
	if fault := apptest.TestID(s.Page(p, err, http.StatusUnprocessableEntity), "fault-rate-"+row).Text(); !strings.Contains(fault, "не действует") {
		t.Errorf("a 20 %% row in an act of 2026: %q", fault)
	}
	f.Set("rate-"+row, "22")
	p, err = s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)

	_, action, f = s.DealTab(foreign)
	p, err = s.Manager.Post(action, f)
	if fault := apptest.TestID(s.Page(p, err, http.StatusUnprocessableEntity), "fault-exchange-rate").Text(); fault == "" {
		t.Error("a deal in dollars made an act without a rate")
	}
	f.Set("exchange-rate", "92,5")
	f.Set("exchange-date", "2026-11-23")
	p, err = s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)
}

func TestDealWithoutRows(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	s.Portal.SetRows(0, bitrix24test.Deal, deal, nil)
	doc, action, f := s.DealTab(deal)
	if name, _ := doc.Find(`[name="free-name-1"]`).Attr("value"); !strings.Contains(name, "Продвижение") {
		t.Errorf("the first line is not prefilled with the deal's title: %q", name)
	}
	f.Set("free-price-1", "17 800,00")
	f.Set("free-name-2", "Ещё одна работа")
	f.Set("free-quantity-2", "2")
	f.Set("free-price-2", "дорого")
	p, err := s.Manager.Post(action, f)
	if apptest.TestID(s.Page(p, err, http.StatusUnprocessableEntity), "fault-free-price-2").Text() == "" && !strings.Contains(p.Body, "Укажите цену") {
		t.Error("a price in words was taken")
	}
	f.Set("free-price-2", "1500,50")
	p, err = s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)
}

// A row that needs no act does not prevent the deal from being completed.
func TestMarkOfARow(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	doc, action, f := s.DealTab(s.Deal(1))
	row := strings.TrimPrefix(apptest.QuantityFields(doc)[2], "quantity-")
	f.Set("mark", row+":no")
	f.Set("ground", "набрано")
	p, err := s.Manager.Post(action+"/mark", f)
	page := s.Page(p, err, http.StatusOK)
	if pressed, _ := apptest.TestID(page, "product-"+row+"-needs").Attr("aria-pressed"); pressed != "false" {
		t.Errorf("aria-pressed = %q", pressed)
	}
	if v, _ := page.Find(`[name="ground"]`).Attr("value"); v != "набрано" {
		t.Errorf("what was typed is now %q", v)
	}
	again, _, _ := s.DealTab(s.Deal(1))
	if _, picked := apptest.TestID(again, "product-"+row+"-pick").Attr("checked"); picked {
		t.Error("the mark is not stored")
	}
}

func TestUnknownRateIsRefused(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	odd := 13.0
	s.Portal.SetRows(0, bitrix24test.Deal, s.Deal(1), []bitrix24test.Row{{Name: "Работа", Price: 113, Quantity: 1, TaxRate: &odd, TaxIncluded: true}})
	doc, action, f := s.DealTab(s.Deal(1))
	row := strings.TrimPrefix(apptest.QuantityFields(doc)[0], "quantity-")
	p, err := s.Manager.Post(action, f)
	if fault := apptest.TestID(s.Page(p, err, http.StatusUnprocessableEntity), "fault-rate-"+row).Text(); fault == "" {
		t.Error("a rate of 13 % made an act")
	}
}

// With a portal that takes 300 ms per call, the deal tab responds within two seconds: it makes few calls.
func TestSlowPortal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	if err := s.Portal.Fault(bitrix24test.Fault{Kind: bitrix24test.FaultLatency, Delay: 300 * time.Millisecond}); err != nil {
		t.Fatal(err)
	}
	s.AwaitQuiet()
	before := s.Cloud.Trace().Calls()
	s.DealTab(s.Deal(1))
	if n := s.Cloud.Trace().Calls() - before; n > 5 {
		t.Errorf("the tab made %d calls", n)
	}
}

// A deal with more rows than one page of the CRM shows all of them.
func TestManyRows(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	var rows []bitrix24test.Row
	for range 300 {
		rows = append(rows, bitrix24test.Row{Name: "Работа", Price: 10, Quantity: 1})
	}
	s.Portal.SetRows(0, bitrix24test.Deal, s.Deal(1), rows)
	doc, action, f := s.DealTab(s.Deal(1))
	if n := len(apptest.QuantityFields(doc)); n != 300 {
		t.Fatalf("%d rows on the tab, want 300", n)
	}
	f.Set("send", "1")
	p, err := s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)
	s.AwaitTab(strings.TrimSuffix(action, "/acts"), apptest.DraftLabel, apptest.WaitingLabel)
}

// The form is calculated while it is typed: sums, what is left and what stops the act; nothing is stored.
func TestPreviewOfForm(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	s.SetRows(deal, apptest.ProductRow("Услуга", 4, 1000))
	doc, action, f := s.DealTab(deal)
	if text := apptest.PlainSpaces(apptest.TestID(doc, "form-total").Text()); !strings.Contains(text, "4 000,00 ₽") {
		t.Errorf("the form starts with %s", text)
	}
	for name := range f {
		if strings.HasPrefix(name, "quantity-") {
			f.Set(name, "1,5")
		}
	}
	preview := action + "/preview"
	p, err := s.Manager.Post(preview, f)
	doc = s.Page(p, err, http.StatusOK)
	if text := apptest.PlainSpaces(apptest.TestID(doc, "form-total").Text()); !strings.Contains(text, "1 500,00 ₽") || !strings.Contains(text, "останется 2 500,00 ₽") {
		t.Errorf("the preview shows %s", text)
	}
	for name := range f {
		if strings.HasPrefix(name, "quantity-") {
			f.Set(name, "5")
		}
	}
	p, err = s.Manager.Post(preview, f)
	doc = s.Page(p, err, http.StatusOK)
	if text := apptest.PlainSpaces(apptest.TestID(doc, "action-bar").Text()); !strings.Contains(text, "Осталось 4, больше в акт включить нельзя.") {
		t.Errorf("the preview of too much shows %s", text)
	}
	if n := s.Count("acts"); n != 0 {
		t.Errorf("%d acts", n)
	}
}
