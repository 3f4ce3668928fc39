package bitrix24test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/match"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// contracts returns the folder of descriptions and samples (docs/contracts/bitrix24.md, "Descriptions and samples").
func contracts(t *testing.T) string {
	t.Helper()
	root := os.Getenv("ACTS_CONTRACTS")
	if root == "" {
		t.Skip("NOT COMPARED with the descriptions of Bitrix24: set ACTS_CONTRACTS to their folder")
	}
	dir := filepath.Join(root, "bitrix24")
	if _, err := os.Stat(dir); err != nil {
		t.Fatalf("ACTS_CONTRACTS has no descriptions of Bitrix24: %v", err)
	}
	return dir
}

// readJSON decodes a file.
func readJSON(t *testing.T, path string, out any) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, out); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// specParam is a parameter in a description.
type specParam struct {
	Name     string `json:"name"`
	Base     string `json:"base"`
	Required any    `json:"required"` // true, false, or "unknown" where the page is silent
}

func TestMethodsAreThoseOfTheContract(t *testing.T) {
	for name := range contract.Methods {
		if methods[name] == nil {
			t.Errorf("%s is in contract.Methods and is not implemented", name)
		}
	}
	for name := range methods {
		if _, ok := contract.Methods[name]; !ok {
			t.Errorf("%s is implemented and is not in contract.Methods", name)
		}
	}
}

func TestContractAgreesWithTheDescriptions(t *testing.T) {
	dir := contracts(t)
	compared := 0
	for name, m := range contract.Methods {
		path := filepath.Join(dir, "spec", name+".json")
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		var spec struct {
			Params []specParam                `json:"params"`
			Defs   map[string]json.RawMessage `json:"defs"`
		}
		readJSON(t, path, &spec)
		compared++
		compareParams(t, name, m, spec.Params)
		compareFields(t, name, m, spec.Defs)
	}
	if compared < 50 {
		t.Errorf("%d methods compared, want at least 50", compared)
	}
}

// typeCorrections are the types of parameters whose descriptions contradict the samples.
var typeCorrections = map[string]string{"user.get FILTER": "object"}

// compareParams compares the parameters of a method with their description. A kind of ours that ends in "!" is required.
func compareParams(t *testing.T, name string, m contract.Method, spec []specParam) {
	known := map[string]bool{}
	for _, s := range spec {
		if s.Name == "result" || s.Name == "time" { // rows of the answer that slipped in
			continue
		}
		known[s.Name] = true
		kind, ours := m.Params[s.Name]
		if !ours {
			t.Errorf("%s: parameter %s is missing", name, s.Name)
			continue
		}
		want := s.Base
		if want == "int" {
			want = "integer"
		}
		if corrected, ok := typeCorrections[name+" "+s.Name]; ok {
			want = corrected
		}
		if strings.TrimSuffix(kind, "!") != want {
			t.Errorf("%s: %s is %s, described as %s", name, s.Name, kind, want)
		}
		if strings.HasSuffix(kind, "!") && s.Required == false {
			t.Errorf("%s: %s is not described as required", name, s.Name)
		}
	}
	for p := range m.Params {
		if !known[p] {
			t.Errorf("%s: parameter %s is not described", name, p)
		}
	}
}

// compareFields reports described fields of the parameters that our method does not have.
func compareFields(t *testing.T, name string, m contract.Method, defs map[string]json.RawMessage) {
	if m.Fields == nil {
		return
	}
	for _, def := range []string{"fieldsFields", "fieldFields", "productRowsFields"} {
		var spec struct {
			Fields []specParam `json:"fields"`
		}
		raw, ok := defs[def]
		if !ok {
			continue
		}
		if err := json.Unmarshal(raw, &spec); err != nil {
			t.Fatalf("%s: %s: %v", name, def, err)
		}
		for _, f := range spec.Fields {
			if _, ok := m.Fields[f.Name]; !ok {
				t.Errorf("%s: field %s is missing", name, f.Name)
			}
		}
	}
}

// sample is one recorded exchange.
type sample struct {
	Request  any `json:"request"`
	Response any `json:"response"`
}

// samples returns the samples of a method by the names of their files.
func samples(t *testing.T, dir, name string) map[string]sample {
	t.Helper()
	out := map[string]sample{}
	files, err := filepath.Glob(filepath.Join(dir, name, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		var s sample
		readJSON(t, file, &s)
		out[filepath.Base(file)] = s
	}
	return out
}

func TestRecordedRequestsAreAcceptable(t *testing.T) {
	dir := contracts(t)
	checked := 0
	for name, m := range contract.Methods {
		for file, s := range samples(t, dir, name) {
			request := php.Map(s.Request)
			if strings.HasPrefix(file, "v3-") || s.Request == nil {
				continue // another protocol, or an answer only
			}
			delete(request, "auth")
			checked++
			if _, err := m.Check(request); err != nil {
				t.Errorf("%s/%s: %v", name, file, err)
			}
		}
	}
	if checked < 20 {
		t.Errorf("%d requests checked, want at least 20", checked)
	}
}

// recordedShapes are samples and the parameters of calls for which the fake must return a result of the same format.
var recordedShapes = []struct {
	sample string
	in     Fields
	except []string // names that only the portal of the sample has
}{
	{"app.info/ok", nil, nil},
	{"profile/ok", nil, nil},
	{"server.time/ok", nil, nil},
	{"user.admin/ok", nil, nil},
	{"user.current/ok", nil, nil},
	{"user.get/ok", nil, nil},
	{"department.get/ok", Fields{"PARENT": 1}, nil},
	{"calendar.settings.get/ok", nil, nil},
	{"feature.get/ok", Fields{"CODE": "rest_offline_extended"}, nil},
	{"crm.item.get/ok", Fields{"entityTypeId": 3, "id": 1}, []string{
		"title", "stageId", "statusDescription", "stageSemanticId", "isConvert", "productId", "opportunity", "currencyId", "companyTitle",
		"isManualOpportunity", "movedBy", "movedTime", "searchContent", "dateClosed", "contactId", "contactIds", "shortName", "address",
		"login", "isReturnCustomer", "skype", "icq", "imol", "dateCreateShort", "dateModifyShort", "parentId%", "ufCrm_%",
	}},
	{"crm.item.add/ok", Fields{"entityTypeId": 2, "fields": Fields{
		"title": "B", "categoryId": 9, "stageId": "C9:NEW", "begindate": "2026-02-22", "closedate": "2026-02-22", "companyId": 1, "contactIds": []any{1},
		"typeId": "SERVICE", "sourceId": "WEB", "observers": []any{2}, "probability": 50, "additionalInfo": "x", "comments": "x", "leadId": 1, "quoteId": 7,
		"sourceDescription": "x", "utmSource": "google", "utmMedium": "CPC",
	}}, []string{
		"productId", "dateCreateShort", "dateModifyShort", "begindateShort", "closedateShort", "event%", "orderStage", "isWork", "isWon", "isLose",
		"receivedAmount", "lostAmount", "hasProducts", "ufCrm_%", "parentId1220", "isRepeatedApproach",
	}},
	{"crm.item.list/keyset-page-start-minus-1", Fields{"entityTypeId": 2, "filter": Fields{">id": 99}, "start": -1}, nil},
	{"crm.item.fields/ok", Fields{"entityTypeId": 1030}, []string{
		"contacts", "parentId1", "parentId1248", "isDeprecated", "settings", "isEmbeddedEditorEnabled",
	}},
	{"crm.item.productrow.list/ok", Fields{"filter": Fields{"=ownerType": "D", "=ownerId": 1}}, nil},
	{"crm.item.productrow.set/ok", Fields{"ownerType": "D", "ownerId": 1, "productRows": []any{Fields{"productId": 9, "price": 1}}}, nil},
	{"crm.category.list/ok", Fields{"entityTypeId": 2}, nil},
	{"crm.status.list/ok", Fields{"filter": Fields{"ENTITY_ID": "DEAL_STAGE"}}, nil},
	{"crm.status.add/ok", Fields{"fields": Fields{"ENTITY_ID": "DEAL_STAGE_9", "STATUS_ID": "X", "NAME": "X", "SORT": 15}}, nil},
	{"crm.status.entity.types/ok", nil, []string{"SEMANTIC_INFO", "ENTITY_TYPE_ID"}},
	{"crm.type.add/ok", Fields{"fields": Fields{"title": "Ещё", "isClientEnabled": "Y", "relations": Fields{"child": []any{Fields{"entityTypeId": 3}}}}}, []string{"CALENDAR_EVENT|UF_CRM_CAL_EVENT", "TASKS_TASK|UF_CRM_TASK", "TASKS_TASK_TEMPLATE|UF_CRM_TASK"}},
	{"crm.type.list/ok", nil, nil},
	{"userfieldconfig.add/ok", Fields{"moduleId": "crm", "field": Fields{"entityId": "CRM_1", "fieldName": "UF_CRM_1_NEW", "userTypeId": "enumeration", "enum": []any{Fields{"value": "a"}}}}, []string{"DISPLAY", "LIST_HEIGHT", "CAPTION_NO_VALUE", "SHOW_NO_VALUE"}},
	{"crm.requisite.list/ok", nil, nil},
	{"crm.requisite.bankdetail.list/ok", nil, nil},
	{"crm.requisite.link.register/ok", Fields{"fields": Fields{"ENTITY_TYPE_ID": 2, "ENTITY_ID": 1, "REQUISITE_ID": 1, "BANK_DETAIL_ID": 1, "MC_REQUISITE_ID": 0, "MC_BANK_DETAIL_ID": 0}}, nil},
	{"placement.bind/ok", Fields{"PLACEMENT": "LEFT_MENU", "HANDLER": "https://app.example/"}, nil},
	{"placement.get/ok", nil, nil},
	{"placement.list/ok", nil, nil},
	{"placement.unbind/ok", Fields{"PLACEMENT": "LEFT_MENU"}, nil},
	{"event.bind/ok", Fields{"event": "ONCRMDEALADD", "handler": "https://app.example/"}, nil},
	{"event.get/ok", nil, nil},
	{"event.unbind/ok", Fields{"event": "ONCRMDEALADD", "handler": "https://app.example/"}, nil},
	{"events/ok", nil, nil},
	{"im.notify.system.add/ok", Fields{"USER_ID": 1, "MESSAGE": "x"}, nil},
	{"im.notify.personal.add/ok", Fields{"USER_ID": 1, "MESSAGE": "x"}, nil},
	{"crm.timeline.comment.add/ok", Fields{"fields": Fields{"ENTITY_ID": 1, "ENTITY_TYPE": "deal", "COMMENT": "x"}}, nil},
	{"crm.timeline.logmessage.add/ok", Fields{"fields": Fields{"entityTypeId": 2, "entityId": 1, "title": "x", "text": "x", "iconCode": "info"}}, nil},
	{"crm.activity.add/email-sent", Fields{"fields": Fields{"OWNER_TYPE_ID": 2, "OWNER_ID": 1, "TYPE_ID": 4, "SUBJECT": "x", "RESPONSIBLE_ID": 1, "COMMUNICATIONS": []any{Fields{"TYPE": "EMAIL", "VALUE": "a@b.ru", "ENTITY_ID": 1, "ENTITY_TYPE_ID": 4}}}}, nil},
	{"crm.activity.list/email-after-send", Fields{"select": []any{"*", "COMMUNICATIONS"}}, nil},
	{"tasks.task.add/ok", Fields{"fields": Fields{"TITLE": "x", "RESPONSIBLE_ID": 1}}, []string{
		"action", "checkListTree", "checkListCanAdd", "timeEstimate", "matchWorkTime", "addInReport", "subordinate", "outlookVersion",
		"isMuted", "isPinned", "isPinnedInGroup", "accomplicesData", "auditorsData", "newCommentsCount", "exchange%", "forum%", "comments%",
		"service%", "forked%", "time%", "viewed%", "sorting", "duration%", "flowId",
	}},
	{"crm.item.delete/ok", Fields{"entityTypeId": 2, "id": 1}, nil},
}

// startWithObjects serves a portal that has at least one object of each kind that the samples list.
func startWithObjects(t *testing.T) *Portal {
	t.Helper()
	p := Start(t, unlimited)
	p.AddDepartment(Department{Name: "Бухгалтерия", Parent: 1})
	p.AddCategory(Category{ID: 9, EntityTypeID: Deal, Name: "Вторая", Sort: 200})
	p.AddStage(Deal, 9, Stage{StatusID: "NEW", Name: "Новая", Sort: 10})
	p.AddItem(Company, Fields{"title": "ООО"})
	p.AddItem(Contact, Fields{
		"name": "Админ", "lastName": "А", "secondName": "А", "birthdate": "2000-01-01T03:00:00+03:00", "honorific": "HNR", "post": "x", "comments": "x",
		"sourceId": "WEB", "sourceDescription": "x", "fm": []any{Fields{"typeId": "PHONE", "valueType": "WORK", "value": "1"}},
	})
	p.AddItem(Deal, Fields{"title": "A", "companyId": 1})
	tenPercent := 10.0
	p.SetRows(1, Deal, 1, []Row{{Name: "x", Price: 1, TaxRate: &tenPercent}})
	requisite := p.AddRequisite(Fields{"ENTITY_TYPE_ID": 4, "ENTITY_ID": 1})
	p.AddBankDetail(Fields{"ENTITY_ID": requisite, "RQ_BANK_NAME": "Банк"})
	addActType(t, p)
	return p
}

func TestAnswersHaveTheRecordedShape(t *testing.T) {
	dir := contracts(t)
	p := startWithObjects(t)
	for _, tt := range recordedShapes {
		method, file, _ := strings.Cut(tt.sample, "/")
		s, ok := samples(t, dir, method)[file+".json"]
		if !ok {
			t.Errorf("%s: no such sample", tt.sample)
			continue
		}
		got := p.mustCall(t, 1, method, tt.in)
		for _, difference := range differences("result", php.Map(s.Response)["result"], got.Body["result"], tt.except) {
			t.Errorf("%s: %s", tt.sample, difference)
		}
		if php.Map(s.Response)["total"] != nil && got.Body["total"] == nil {
			t.Errorf("%s: total is missing", tt.sample)
		}
	}
}

// differences lists the names of want that got lacks and the values of another type; names that match except are skipped.
func differences(at string, want, got any, except []string) []string {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			if list, isList := got.([]any); isList && len(list) == 0 {
				return nil // PHP's empty array
			}
			return []string{fmt.Sprintf("%s is %T, want an object", at, got)}
		}
		var out []string
		for _, name := range php.SortedKeys(w) {
			if slices.ContainsFunc(except, func(e string) bool { return e == name || match.Like(name, e) }) {
				continue
			}
			x, ok := g[name]
			if !ok {
				out = append(out, at+"."+name+" is missing")
				continue
			}
			out = append(out, differences(at+"."+name, w[name], x, except)...)
		}
		return out
	case []any:
		if g, ok := got.([]any); ok && len(w) > 0 && len(g) > 0 {
			return differences(at+"[0]", w[0], g[0], except)
		} else if _, isMap := got.(map[string]any); !ok && !(isMap && len(w) == 0) {
			return []string{fmt.Sprintf("%s is %v, want a list", at, got)}
		}
		return nil
	case nil:
		return nil
	}
	if got != nil && fmt.Sprintf("%T", got) != fmt.Sprintf("%T", want) {
		return []string{fmt.Sprintf("%s is %T, want %T", at, got, want)}
	}
	return nil
}

// The list of tasks filters only by the keys that the vendor lists.
func TestTaskFiltersAreThoseOfTheVendor(t *testing.T) {
	t.Parallel()
	var listed struct {
		Tasks struct{ Fields, Prefixes []string } `json:"taskListFilter"`
	}
	readJSON(t, filepath.Join(contracts(t), "item-fields.json"), &listed)
	if got := slices.Sorted(maps.Keys(taskFilters)); !slices.Equal(got, slices.Sorted(slices.Values(listed.Tasks.Fields))) {
		t.Errorf("the fake filters by %v, the vendor lists %v", got, listed.Tasks.Fields)
	}
	if !slices.Equal(taskPrefixes, append([]string{"="}, listed.Tasks.Prefixes...)) {
		t.Errorf("the fake accepts the prefixes %v, the vendor lists %v", taskPrefixes, listed.Tasks.Prefixes)
	}
}

// disabledFields are the fields that apidocs.bitrix24.ru/api-reference/crm/universal/object-fields.html lists as no longer supported.
var disabledFields = map[string][]string{
	"deal": {"dateCreateShort", "dateModifyShort", "productId", "begindateShort", "closedateShort", "eventDateShort", "isWork", "isWon", "isLose",
		"receivedAmount", "lostAmount", "hasProducts"},
	"contact": {"shortName", "address", "login"},
	"company": {"address"},
	"dynamic": {"opportunityAccount", "taxValueAccount", "accountCurrencyId"},
}

// Each object type has exactly the fields that the vendor lists for it.
func TestItemFieldsAreThoseOfTheVendor(t *testing.T) {
	t.Parallel()
	var listed struct {
		Fields map[string]map[string]string `json:"fields"`
	}
	readJSON(t, filepath.Join(contracts(t), "item-fields.json"), &listed)
	for kind, entityType := range map[string]int{"deal": Deal, "contact": Contact, "company": Company, "dynamic": 0} {
		ours := map[string]string{}
		for _, f := range fixedFields[entityType] {
			ours[f.name] = f.kind
			if f.multiple && f.kind != "crm_multifield" {
				ours[f.name] += "[]"
			}
		}
		for _, table := range []string{"common", kind} {
			for name, want := range listed.Fields[table] {
				if strings.HasSuffix(name, "...") || name == "entityTypeId" { // families of names, and what every answer adds
					continue
				}
				if got, ok := ours[name]; !ok && !slices.Contains(disabledFields[kind], name) {
					t.Errorf("%s: field %s is missing", kind, name)
				} else if ok && got != want {
					t.Errorf("%s: field %s is %s, listed as %s", kind, name, got, want)
				}
				delete(ours, name)
			}
		}
		for name := range ours {
			t.Errorf("%s: the vendor does not list the field %s", kind, name)
		}
	}
}
