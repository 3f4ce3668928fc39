package deal

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/store"
	"acts24/views"
	"acts24/workflow"
)

func post(form url.Values) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/p/7/deals/12/acts", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func TestReadActForm(t *testing.T) {
	f, err := readActForm(post(url.Values{"key": {"k"}, "type": {"paper-company"}, "own": {"3"}, "own-drawn": {"2"}, "date": {" 2026-11-27 "}, "send": {"1"},
		"quantity-17": {"2,5"}, "pick-17": {"1"}, "rate-17": {"22"}, "quantity-18": {"1"}, "pick-x": {"1"}, "confirm": {"a", "b"},
		"free-name-2": {"Работа"}, "free-price-2": {"100"}, "payment-number-1": {"15"}, "payment-date-1": {"2026-11-01"}}))
	if err != nil {
		t.Fatal(err)
	}
	if f.Key != "k" || f.Own != 3 || f.OwnShown != 2 || f.Date != "2026-11-27" || !f.Send || !slices.Equal(f.Confirmed, []string{"a", "b"}) {
		t.Errorf("%+v", f)
	}
	if len(f.Picks) != 2 || f.Picks[17] != (workflow.Pick{On: true, Quantity: "2,5", Rate: "22"}) || f.Picks[18] != (workflow.Pick{Quantity: "1"}) {
		t.Errorf("rows %+v", f.Picks)
	}
	if len(f.Free) != freeLines || f.Free[1].Name != "Работа" || f.Free[1].Price != "100" || !f.Free[0].Empty() {
		t.Errorf("lines %+v", f.Free)
	}
	if len(f.Payments) != acts.MaxPayments || f.Payments[0] != (workflow.PaymentRow{Number: "15", Date: "2026-11-01"}) {
		t.Errorf("payments %+v", f.Payments)
	}
}

func TestReadMark(t *testing.T) {
	for text, want := range map[string]struct {
		row   acts.RowID
		needs bool
		valid bool
	}{"17:yes": {17, true, true}, "17:no": {17, false, true}, "17:": {17, false, true}, "17": {}, "": {}, ":yes": {}, "x:yes": {}, "99999999999999999999:yes": {}} {
		r := post(url.Values{"mark": {text}})
		if err := r.ParseForm(); err != nil {
			t.Fatal(err)
		}
		row, needs, err := readMark(r)
		if row != want.row || needs != want.needs || (err == nil) != want.valid {
			t.Errorf("%q: %d, %t, %v", text, row, needs, err)
		}
	}
}

func TestChangeOwn(t *testing.T) {
	for name, tt := range map[string]struct {
		own, shown acts.CompanyID
		button     string
		changed    bool
		status     int
	}{
		"the company of the form":   {1, 1, "", false, http.StatusOK},
		"another company, sent":     {2, 1, "", true, http.StatusUnprocessableEntity},
		"another company, button":   {2, 1, "1", true, http.StatusOK},
		"the same company, button":  {1, 1, "1", true, http.StatusOK},
		"a form of an older server": {1, 0, "", false, http.StatusOK},
	} {
		r := post(url.Values{"change-own": {tt.button}})
		if err := r.ParseForm(); err != nil {
			t.Fatal(err)
		}
		changed, p := changeOwn(r, workflow.ActForm{Own: tt.own, OwnShown: tt.shown})
		if changed != tt.changed || p.status != tt.status || (p.alert != "") != (tt.status != http.StatusOK) {
			t.Errorf("%s: %t, %d %q", name, changed, p.status, p.alert)
		}
	}
}

func chosen(list []views.Option) string {
	for _, o := range list {
		if o.Chosen {
			return o.Value
		}
	}
	return "none"
}

func TestOperatorChoice(t *testing.T) {
	for name, tt := range map[string]struct {
		operator, participant string
		chosen, hint          string
	}{
		"nothing typed":            {"", "", "", "Первые три знака — код оператора."},
		"an operator chosen":       {"2BE", "", "2BE", "Формат: 2BE"},
		"an id typed":              {"", "2BM-7700000000-770001001-201501010101", "2BM", "Формат: 2BM"},
		"the id wins":              {"2BE", "2BM-7700000000-770001001-201501010101", "2BM", "Формат: 2BM"},
		"an operator nobody knows": {"9ZZ", "", "9ZZ", "Такого кода нет"},
	} {
		list, hint := operatorChoice(workflow.ActForm{Operator: tt.operator, Participant: tt.participant})
		if chosen(list) != tt.chosen || !strings.Contains(hint, tt.hint) && !strings.Contains(hint, "Первые три знака") {
			t.Errorf("%s: %q is chosen, hint %q", name, chosen(list), hint)
		}
		if tt.operator == "9ZZ" && (list[len(list)-1].Label != "Другой оператор: 9ZZ" || !strings.Contains(hint, tt.hint)) {
			t.Errorf("%s: %q, hint %q", name, list[len(list)-1].Label, hint)
		}
	}
}

func TestRowView(t *testing.T) {
	discounted := testRow(1, 0)
	discounted.Discount = 50_000
	onTop := testRow(1, 0)
	onTop.OnTop, onTop.NetPrice, onTop.Unit.Name = true, decimal.NewFromInt(820), ""
	old := testRow(1, 0)
	old.Rate = "18"
	for name, tt := range map[string]struct {
		row  acts.ProductRow
		pick workflow.Pick
		want func(views.ProductRow) bool
	}{
		"a row that is open": {testRow(1, 4), workflow.Pick{On: true, Quantity: "6"}, func(m views.ProductRow) bool {
			return m.Available && m.Picked && m.Left == "6" && m.InActs == "4" && m.Quantity == "6"
		}},
		"a row that is covered": {testRow(1, 10), workflow.Pick{}, func(m views.ProductRow) bool { return !m.Available && m.Left == "0" }},
		"a price with its unit": {testRow(1, 0), workflow.Pick{}, func(m views.ProductRow) bool { return strings.HasSuffix(m.Price, " за шт") && m.Discount == "" }},
		"a price without VAT": {onTop, workflow.Pick{}, func(m views.ProductRow) bool {
			return strings.HasSuffix(m.Price, " без НДС") && strings.HasPrefix(m.Price, "820")
		}},
		"a discount of the deal": {discounted, workflow.Pick{}, func(m views.ProductRow) bool { return strings.Contains(m.Discount, "500") }},
		"a rate that is not valid": {old, workflow.Pick{}, func(m views.ProductRow) bool {
			return len(m.Rates) > 1 && strings.Contains(m.RateFault, "не действует")
		}},
		"another rate was chosen":   {old, workflow.Pick{Rate: "22"}, func(m views.ProductRow) bool { return chosen(m.Rates) == "22" && m.RateFault == "" }},
		"a rate that is valid":      {testRow(1, 0), workflow.Pick{}, func(m views.ProductRow) bool { return len(m.Rates) == 0 }},
		"the ids of tests and ours": {testRow(1, 0), workflow.Pick{}, func(m views.ProductRow) bool { return m.ID == "1" && m.TestID == "101" }},
	} {
		t.Run(name, func(t *testing.T) {
			if m := rowView(tt.row, tt.pick, "RUB", now, []acts.Rate{acts.NoVAT, "22"}, nil); !tt.want(m) {
				t.Errorf("%+v", m)
			}
		})
	}
}

func TestLostViews(t *testing.T) {
	lost, successor := testRow(5, 3), testRow(6, 0)
	d := store.Deal{Lost: []acts.ProductRow{lost}, Rows: []acts.ProductRow{successor}}
	list := lostViews(d)
	if len(list) != 1 || !strings.Contains(list[0].Text, "Позиции «Работа» в сделке больше нет") || !strings.Contains(list[0].Text, "3 шт") {
		t.Fatalf("%+v", list)
	}
	var values []string
	for _, o := range list[0].Next {
		values = append(values, o.Value)
	}
	if !slices.Equal(values, []string{"5:6", "5:0"}) {
		t.Errorf("the row may be continued by %q", values)
	}
	if list := lostViews(store.Deal{Lost: []acts.ProductRow{lost}}); len(list) != 1 || len(list[0].Next) != 0 {
		t.Errorf("without other rows: %+v", list)
	}
	if list := lostViews(store.Deal{}); list != nil {
		t.Errorf("without lost rows: %+v", list)
	}
}

func TestPaymentViews(t *testing.T) {
	typed := func(numbers ...string) (list []workflow.PaymentRow) {
		for _, n := range numbers {
			list = append(list, workflow.PaymentRow{Number: n})
		}
		return list
	}
	full := slices.Repeat([]string{"1"}, acts.MaxPayments)
	for name, tt := range map[string]struct {
		rows []workflow.PaymentRow
		want int
	}{"nothing typed": {nil, 1}, "one": {typed("7"), 2}, "a gap": {typed("", "7"), 3}, "empty rows": {typed("", ""), 1}, "as many as there may be": {typed(full...), acts.MaxPayments}} {
		list := paymentViews(tt.rows, map[string]string{"payment-number-1": "Нужен номер."})
		if len(list) != tt.want || list[0].NumberFault == "" || list[0].N != "1" {
			t.Errorf("%s: %+v", name, list)
		}
	}
}

func TestOwnChoices(t *testing.T) {
	own := []store.OwnCompany{{ID: 1}, {ID: 2, Gone: true}, {ID: 3, Gone: true}, {ID: 4}}
	correction := acts.Correction{Number: "7", Date: time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)}
	for name, tt := range map[string]struct {
		chosen acts.CompanyID
		of     acts.Correction
		want   []acts.CompanyID
	}{
		"none is chosen":              {0, acts.Correction{}, []acts.CompanyID{1, 4}},
		"one that is in the CRM":      {1, acts.Correction{}, []acts.CompanyID{1, 4}},
		"one that is gone":            {2, acts.Correction{}, []acts.CompanyID{1, 2, 4}},
		"a correction keeps its own":  {4, correction, []acts.CompanyID{4}},
		"a correction keeps the gone": {3, correction, []acts.CompanyID{3}},
	} {
		var got []acts.CompanyID
		for _, c := range ownChoices(own, tt.chosen, tt.of) {
			got = append(got, c.ID)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v; want %v", name, got, tt.want)
		}
	}
}

// A correction goes the way of the corrected document: the other types are not offered. Any other act may take each of the four.
func TestTypesOfAForm(t *testing.T) {
	on := time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		of   acts.Correction
		want string
	}{
		"an act":                     {acts.Correction{}, "electronic-company electronic-person paper-company paper-person"},
		"a correction of a document": {acts.Correction{Date: on}, "electronic-company electronic-person"},
		"a correction of paper":      {acts.Correction{Date: on, Paper: acts.PaperFormUPD}, "paper-company paper-person"},
	} {
		m := formView(dealInput{details: testDetails(), now: on, form: &workflow.ActForm{Type: "paper-company", Correction: tt.of}})
		var types []string
		for _, one := range m.Types {
			types = append(types, one.Value)
		}
		if got := strings.Join(types, " "); got != tt.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}
