package bitrix24

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
)

// reader decodes a result and reports whether any value was decoded.
type reader func(json.RawMessage) (bool, error)

func as[T any](filled func(T) bool) reader {
	return func(data json.RawMessage) (bool, error) {
		var v T
		err := json.Unmarshal(data, &v)
		return filled(v), err
	}
}

func some[T any](filled func(T) bool) reader {
	return as(func(list List[T]) bool { return len(list) > 0 && filled(list[0]) })
}

var (
	number1 = as(func(id ID) bool { return id > 0 })
	yes1    = as(func(b Bool) bool { return bool(b) })
	unbound = as(func(r struct{ Count ID }) bool { return r.Count > 0 })
)

// readers decode the answers of the methods that the client calls.
var readers = map[string]reader{
	"app.info":        as(func(a AppInfo) bool { return a.LicenseFamily == "ent" && bool(a.Installed) && !bool(a.PaymentExpired) }),
	"profile":         as(func(p Profile) bool { return p.ID == 1 && bool(p.Admin) }),
	"user.current":    as(func(u User) bool { return u.ID == 3 && u.Email != "" && len(u.Departments) == 1 }),
	"user.get":        some(func(u User) bool { return u.ID == 1 && bool(u.Active) }),
	"department.get":  some(func(d Department) bool { return d.ID == 15 && d.ParentID == 1 }),
	"server.time":     as(func(m DateTime) bool { return m.Year() == 2024 }),
	"crm.item.fields": as(func(r ItemFieldsResult) bool { return r.Fields.CamelNames()["XML_ID"] == "xmlId" }),
	"crm.item.delete": func(json.RawMessage) (bool, error) { return true, nil },
	"crm.item.productrow.list": as(func(r ProductRowsResult) bool {
		return r.ProductRows[0].TaxRate.String() == "10" && !r.ProductRows[1].TaxRate.Set
	}),
	"crm.item.productrow.set": as(func(r ProductRowsResult) bool { return r.ProductRows[0].Price.String() == "99999.99" }),
	"crm.category.list":       as(func(r CategoriesResult) bool { return r.Categories[3].ID == 0 && bool(r.Categories[3].IsDefault) }),
	"crm.status.list":         some(func(s Status) bool { return s.StatusID == "NEW" && s.Sort == 10 && s.Semantics == "" && bool(s.System) }),
	"crm.status.add":          number1,
	"crm.type.add": as(func(r TypeResult) bool {
		return r.Type.ID == 16 && r.Type.EntityTypeID == 2024
	}),
	"crm.type.list": as(func(r TypesResult) bool { return r.Types[0].EntityTypeID == 1256 && !bool(r.Types[0].IsStagesEnabled) }),
	"userfieldconfig.add": as(func(r UserFieldResult) bool {
		return r.Field.ID == 6953 && r.Field.Enum[1].ID == 3365 && bool(r.Field.Multiple)
	}),
	"userfieldconfig.list":          as(func(r UserFieldsResult) bool { return r.Fields[0].ID == 7095 && r.Fields[0].Labels["ru"] != "" }),
	"crm.requisite.list":            some(func(r Requisite) bool { return r.EntityTypeID == CompanyType && r.EntityID == 3027 }),
	"crm.requisite.bankdetail.list": some(func(b BankDetail) bool { return b.EntityID == 27 && b.Name != "" }),
	"placement.bind":                yes1,
	"placement.get":                 some(func(p Placement) bool { return p.Code == "CRM_DEAL_LIST_TOOLBAR" && p.Handler != "" }),
	"placement.unbind":              unbound,
	"event.bind":                    yes1,
	"event.unbind":                  unbound,
	"event.get":                     some(func(e EventHandler) bool { return e.Event == "ONCRMLEADADD" && !bool(e.Offline) }),
	"im.notify.system.add":          number1,
	"im.notify.personal.add":        number1,
	"crm.timeline.comment.add":      number1,
	"crm.activity.add":              number1,
	"crm.activity.list":             some(func(a Activity) bool { return a.ID == 3165 && a.TypeID == 4 && a.ResponsibleID == 61 }),
	"calendar.settings.get": as(func(s CalendarSettings) bool {
		return s.WorkTimeStart == "9" && len(s.YearHolidays) == 9 && s.YearWorkdays[0] == "31.12" && len(s.WeekHolidays) == 2
	}),
	"tasks.task.add": as(func(r TaskResult) bool { return r.Task.ID == 3711 && r.Task.ResponsibleID == 1 }),
}

// itemReaders read the answers of crm.item.*, which differ by case.
var itemReaders = map[string]reader{
	"crm.item.get/ok": as(func(r ItemResult[Item]) bool {
		return r.Item.ID == 250 && r.Item.Raw.Text("lastName") == "Админов"
	}),
	"crm.item.add/ok":    as(func(r ItemResult[Deal]) bool { return r.Item.Opportunity.String() == "999.99" && r.Item.CompanyID == 5 }),
	"crm.item.update/ok": as(func(r ItemResult[Deal]) bool { return r.Item.StageID == "C9:UC_NYL06U" && len(r.Item.Observers) == 3 }),
	"crm.item.list/ok":   as(func(r ItemsResult[Item]) bool { return len(r.Items) == 4 && r.Items[0].ID == 253 }),
	"crm.item.update/files-multiple-clear": as(func(r ItemResult[Item]) bool {
		return r.Item.ID == 29 && len(r.Item.Raw.Files("ufCrm_7_1739432938")) == 0
	}),
	"crm.item.list/file-field-shape":          as(func(r ItemsResult[Item]) bool { return r.Items[0].Raw.Files("ufCrm_7_1739432938")[1].ID == 30581 }),
	"crm.item.list/keyset-page-start-minus-1": as(func(r ItemsResult[Item]) bool { return len(r.Items) == 0 }),
	"tasks.task.add/v3-ok":                    func(json.RawMessage) (bool, error) { return true, nil }, // REST 3.0, not called
}

func readerOf(name, method string) reader {
	if r, found := itemReaders[name]; found {
		return r
	}
	return readers[method]
}

func TestAnswersOfSamples(t *testing.T) {
	read := map[string]bool{}
	wanted := func(name string, s sample) bool {
		return readerOf(name, s.Method) != nil && present(s.Response) && !strings.Contains(name, "error-")
	}
	eachSample(t, wanted, func(t *testing.T, name string, s sample) {
		p := newStubPortal(t, respond(s.Status, string(s.Response)))
		var result json.RawMessage
		if err := p.client(t).Call(context.Background(), s.Method, nil, &result); err != nil {
			t.Fatal(err)
		}
		if filled, err := readerOf(name, s.Method)(result); err != nil || !filled {
			t.Errorf("read %v, %v", filled, err)
		}
		read[s.Method] = true
	})
	for method := range readers {
		if !read[method] {
			t.Errorf("no sample of %s was read", method)
		}
	}
}
