package bitrix24

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// resultCheck decodes the result of a sample and returns an error when its values are lost.
type resultCheck func(json.RawMessage) error

// decodesAs checks a result that is one T.
func decodesAs[T any](matches func(T) bool) resultCheck {
	return func(data json.RawMessage) error {
		var v T
		if err := json.Unmarshal(data, &v); err != nil {
			return err
		}
		if !matches(v) {
			return fmt.Errorf("decoded as %+v, which is not what the sample holds", v)
		}
		return nil
	}
}

// firstRow checks the first row of a result that is a list.
func firstRow[T any](matches func(T) bool) resultCheck {
	return decodesAs(func(list List[T]) bool { return len(list) > 0 && matches(list[0]) })
}

var (
	positiveID    = decodesAs(func(id ID) bool { return id > 0 })
	isTrue        = decodesAs(func(b Bool) bool { return bool(b) })
	positiveCount = decodesAs(func(r struct{ Count ID }) bool { return r.Count > 0 })
	notDecoded    = func(json.RawMessage) error { return nil } // the client ignores the result
)

// resultChecks are the checks of the methods that the client calls.
var resultChecks = map[string]resultCheck{
	"app.info":        decodesAs(func(a AppInfo) bool { return a.LicenseFamily == "ent" && bool(a.Installed) && !bool(a.PaymentExpired) }),
	"profile":         decodesAs(func(p Profile) bool { return p.ID == 1 && bool(p.Admin) }),
	"user.current":    decodesAs(func(u User) bool { return u.ID == 3 && u.Email != "" && len(u.Departments) == 1 }),
	"user.get":        firstRow(func(u User) bool { return u.ID == 1 && bool(u.Active) }),
	"department.get":  firstRow(func(d Department) bool { return d.ID == 15 && d.ParentID == 1 }),
	"server.time":     decodesAs(func(m DateTime) bool { return m.Year() == 2024 }),
	"crm.item.fields": decodesAs(func(r ItemFieldsResult) bool { return r.Fields.CamelNames()["XML_ID"] == "xmlId" }),
	"crm.item.delete": notDecoded,
	"crm.item.productrow.list": decodesAs(func(r ProductRowsResult) bool {
		return r.ProductRows[0].TaxRate.String() == "10" && !r.ProductRows[1].TaxRate.Set
	}),
	"crm.item.productrow.set": decodesAs(func(r ProductRowsResult) bool { return r.ProductRows[0].Price.String() == "99999.99" }),
	"crm.category.list":       decodesAs(func(r CategoriesResult) bool { return r.Categories[3].ID == 0 && bool(r.Categories[3].IsDefault) }),
	"crm.status.list":         firstRow(func(s Status) bool { return s.StatusID == "NEW" && s.Sort == 10 && s.Semantics == "" && bool(s.System) }),
	"crm.status.add":          positiveID,
	"crm.type.add": decodesAs(func(r TypeResult) bool {
		return r.Type.ID == 16 && r.Type.EntityTypeID == 2024
	}),
	"crm.type.list": decodesAs(func(r TypesResult) bool { return r.Types[0].EntityTypeID == 1256 && !bool(r.Types[0].IsStagesEnabled) }),
	"userfieldconfig.add": decodesAs(func(r UserFieldResult) bool {
		return r.Field.ID == 6953 && r.Field.Enum[1].ID == 3365 && bool(r.Field.Multiple)
	}),
	"userfieldconfig.list":          decodesAs(func(r UserFieldsResult) bool { return r.Fields[0].ID == 7095 && r.Fields[0].Labels["ru"] != "" }),
	"crm.requisite.list":            firstRow(func(r Requisite) bool { return r.EntityTypeID == CompanyType && r.EntityID == 3027 }),
	"crm.requisite.bankdetail.list": firstRow(func(b BankDetail) bool { return b.EntityID == 27 && b.Name != "" }),
	"placement.bind":                isTrue,
	"placement.get":                 firstRow(func(p Placement) bool { return p.Code == "CRM_DEAL_LIST_TOOLBAR" && p.Handler != "" }),
	"placement.unbind":              positiveCount,
	"event.bind":                    isTrue,
	"event.unbind":                  positiveCount,
	"event.get":                     firstRow(func(e EventHandler) bool { return e.Event == "ONCRMLEADADD" && !bool(e.Offline) }),
	"im.notify.system.add":          positiveID,
	"im.notify.personal.add":        positiveID,
	"crm.timeline.comment.add":      positiveID,
	"crm.activity.add":              positiveID,
	"crm.activity.list":             firstRow(func(a Activity) bool { return a.ID == 3165 && a.TypeID == 4 && a.ResponsibleID == 61 }),
	"calendar.settings.get": decodesAs(func(s CalendarSettings) bool {
		return s.WorkTimeStart == "9" && len(s.YearHolidays) == 9 && s.YearWorkdays[0] == "31.12" && len(s.WeekHolidays) == 2
	}),
	"crm.activity.configurable.add":  decodesAs(func(r CardResult) bool { return r.Activity.ID == 999 }),
	"crm.automation.trigger.execute": isTrue,
	"tasks.task.add":                 decodesAs(func(r TaskResult) bool { return r.Task.ID == 3711 && r.Task.ResponsibleID == 1 }),
}

// sampleChecks are the checks of single samples, where those of one method differ.
var sampleChecks = map[string]resultCheck{
	"crm.item.get/ok": decodesAs(func(r ItemResult[Item]) bool {
		return r.Item.ID == 250 && r.Item.Raw.Text("lastName") == "Админов"
	}),
	"crm.item.add/ok":    decodesAs(func(r ItemResult[Deal]) bool { return r.Item.Opportunity.String() == "999.99" && r.Item.CompanyID == 5 }),
	"crm.item.update/ok": decodesAs(func(r ItemResult[Deal]) bool { return r.Item.StageID == "C9:UC_NYL06U" && len(r.Item.Observers) == 3 }),
	"crm.item.list/ok":   decodesAs(func(r ItemsResult[Item]) bool { return len(r.Items) == 4 && r.Items[0].ID == 253 }),
	"crm.item.update/files-multiple-clear": decodesAs(func(r ItemResult[Item]) bool {
		return r.Item.ID == 29 && len(r.Item.Raw.Files("ufCrm_7_1739432938")) == 0
	}),
	"crm.item.list/file-field-shape":          decodesAs(func(r ItemsResult[Item]) bool { return r.Items[0].Raw.Files("ufCrm_7_1739432938")[1].ID == 30581 }),
	"crm.item.list/keyset-page-start-minus-1": decodesAs(func(r ItemsResult[Item]) bool { return len(r.Items) == 0 }),
	"tasks.task.add/v3-ok":                    notDecoded, // REST 3.0, not called
}

func resultCheckOf(name, method string) resultCheck {
	if check, found := sampleChecks[name]; found {
		return check
	}
	return resultChecks[method]
}

func TestResultsOfSamplesAreDecoded(t *testing.T) {
	found := map[string]bool{}
	wanted := func(name string, s sample) bool {
		isResult := resultCheckOf(name, s.Method) != nil && isPresent(s.Response) && !strings.Contains(name, "error-")
		found[s.Method] = found[s.Method] || isResult
		return isResult
	}
	eachSample(t, wanted, func(t *testing.T, name string, s sample) {
		p := newStubPortal(t, respond(s.Status, string(s.Response)))
		var result json.RawMessage
		if err := p.client(t).Call(context.Background(), s.Method, nil, &result); err != nil {
			t.Fatal(err)
		}
		if err := resultCheckOf(name, s.Method)(result); err != nil {
			t.Error(err)
		}
	})
	for method := range resultChecks {
		if !found[method] {
			t.Errorf("no sample of %s was found", method)
		}
	}
	requireSamples(t, sortedKeys(sampleChecks))
}

func TestTokenAnswersOfSamples(t *testing.T) {
	for name, isExpected := range map[string]func(TokenPair, error) bool{
		"refresh-ok": func(p TokenPair, err error) bool {
			return err == nil && p.UserID == 67 && p.Access != "" && p.Refresh != ""
		},
		"error-invalid-grant":    func(_ TokenPair, err error) bool { return IsInvalidGrant(err) && NotExecuted(err) },
		"error-payment-required": func(_ TokenPair, err error) bool { return isPaymentRequired(err) && NotExecuted(err) },
	} {
		s := readSample(t, filepath.Join(contracts(t), "oauth.token", name+".json"))
		_, server := authServer(t, respond(max(s.Status, http.StatusOK), string(s.Response)))
		if pair, err := server.Renew(context.Background(), "r1"); !isExpected(pair, err) {
			t.Errorf("Renew answered by %s = %v of user %v, %v; want what the sample holds", name, pair, pair.UserID, err)
		}
	}
}

func TestBatchesOfSamples(t *testing.T) {
	s := readSample(t, filepath.Join(contracts(t), "batch", "ok-linked.json"))
	commands := []Command{
		Command{Method: "user.current"}.As("get_user"),
		Command{Method: "department.get"}.With(Ref("get_user", "UF_DEPARTMENT", "0"), "ID").As("get_department"),
	}
	p := newStubPortal(t, respond(200, string(s.Response)))
	res, err := p.client(t).Batch(context.Background(), commands, false)
	if err != nil {
		t.Fatal(err)
	}
	var user User
	var list List[Department]
	if err := errors.Join(res.Get("get_user", &user), res.Get("get_department", &list)); err != nil || user.ID != 1 || list[0].Name != "DEMO" || res.Total("get_department") != 1 {
		t.Errorf("user %+v, departments %+v, total %d, %v; want user 1 and the department DEMO", user, list, res.Total("get_department"), err)
	}
	var want struct{ Cmd map[string]any }
	if err := json.Unmarshal(s.Request, &want); err != nil {
		t.Fatal(err)
	}
	if got := p.received()[0].Body["cmd"].(map[string]any); got["get_department"] != want.Cmd["get_department"] || got["get_user"] != want.Cmd["get_user"] {
		t.Errorf("sent %v, want %v", got, want.Cmd)
	}
	s = readSample(t, filepath.Join(contracts(t), "batch", "error-halt-0.json"))
	res, err = newStubPortal(t, respond(200, string(s.Response))).client(t).Batch(context.Background(), commands, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"get_user", "get_department"} {
		if err := res.Err(key); !IsAccessDenied(err) {
			t.Errorf("error of %s is %v, want access denied", key, err)
		}
	}
}
