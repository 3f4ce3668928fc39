package bitrix24

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// describedCommands returns the commands of the methods that have a description, with all parameters and without the optional ones.
func describedCommands(t *testing.T) []Command {
	t.Helper()
	rows := []ProductRow{
		{ProductID: 9621, Price: amount(t, "99999.99"), Quantity: amount(t, "1.5"), TaxRate: Some(amount(t, "20")), TaxIncluded: true,
			DiscountTypeID: 2, DiscountRate: amount(t, "10"), MeasureCode: 796, Sort: 10},
		{ProductName: "Услуга", Price: amount(t, "100"), Quantity: amount(t, "1"), DiscountTypeID: 1, DiscountSum: amount(t, "5")},
	}
	return []Command{
		GetItem(DealType, 5), ListItems(ItemQuery{Type: 1030}),
		ListItems(ItemQuery{DealType, []string{"id"}, Params{"@stageId": []string{"NEW"}}, Params{"id": "ASC"}, 50}),
		NextItems(ItemQuery{Type: DealType}, 7), AddItem(1030, Params{"title": "Акт"}), UpdateItem(DealType, 5, Params{"stageId": "C9:NEW"}),
		GetItemFields(1030), ListProductRows(1030, 5), SetProductRows(1030, 5, rows), ListCategories(DealType),
		ListStatuses(StageEntity(DealType, 9)), AddStatus(StatusDraft{"DEAL_STAGE_9", "ACT_SENT", "Акт направлен", "#FFA900", "S", 70}),
		UpdateStatus(773, StatusDraft{Name: "Акт подписан", Color: "#7BD500", Sort: 80}),
		AddStatus(StatusDraft{EntityID: "DEAL_STAGE", StatusID: "A", Name: "Б"}),
		AddType(TypeDraft{"Акты", map[string]bool{"isClientEnabled": true, "isStagesEnabled": false}, []Relation{{DealType, true}}, []string{"TASKS_TASK|UF_CRM_TASK"}}),
		AddType(TypeDraft{Title: "Акты"}), ListTypes(Params{"title": "Акты"}), ListTypes(nil), ListUserFields("CRM_7"),
		AddUserField(UserFieldDraft{"CRM_7", "UF_CRM_7_TYPE", "enumeration", "ACT_TYPE", "Тип акта", true, false, true, 100,
			Params{"DISPLAY": "LIST"}, []EnumValue{{Value: "Бумажный", XMLID: "paper", Def: true}}}),
		ListRequisites(CompanyType, 5), ListPresets(), ListBankDetails(5), ListRequisiteLinks(DealType, 5),
		ListAddresses(5), GetPlacements(), UnbindPlacement(DealTabPlace, "https://app.example/deal"), UnbindPlacement(DealTabPlace, ""),
		BindEvent(EventDealUpdate, "https://app.example/events"),
		NotifySystem(Notice{1, "Акт", "Акт", "act-1", "act"}),
		AddComment(CommentDraft{DealType, 5, "Акт", []UploadedFile{{"акт.pdf", []byte("x")}}}), ListComments(1030, 5, 50),
		AddTask(TaskDraft{"Указать статус", "…", "act-1", 5, 6, time.Unix(0, 0), []string{CRMItem(1030, 5)}}),
		ListTasks(Params{"UF_CRM_TASK": "D_5"}), CompleteTask(5), ListUsers(Params{"ID": []int{1}}), ListUsers(nil), ListDepartments(), ListWorkGroups(), ListGroupUsers(5),
		AddEmail(EmailDraft{OwnerType: DealType, OwnerID: 5, From: "А <a@b.example>", To: []Recipient{{"c@d.example", CompanyType, 7}},
			Subject: "Акт", HTML: "<p>Акт</p>", ResponsibleID: 6, Originator: "acts", Origin: "letter-1"}),
		ListActivities(OfOrigin("acts", "letter-1")), DeleteActivity(5), ListTasks(Params{"ID": []int64{1, 2}}),
		AddTrigger("acts24_signed", "Акт подписан"), ExecuteTrigger("acts24_signed", DealType, 5), ListStageMoves(DealType, 5),
		AddBadge(Badge{"acts24-unsigned", "Акт", "Акт не подписан", "warning"}), ListBadges(), ListCards(DealType, 5),
		AddCard(CardDraft{DealType, 5, "Акт № 5", "Не подписан", "acts24-unsigned", 6, true, "acts24", "badge-1"}), UpdateCard(999, CardDraft{}),
		RequisitesByID(1, 2), BankDetailsOf(1, 2), AddressesOf(1, 2), GetUserField(7), ReassignTask(5, 6),
		ItemsByID(ItemQuery{Type: 1030}, []ID{1, 2}), ItemsChangedSince(ItemQuery{Type: DealType, Select: []string{"id"}}, time.Unix(0, 0)),
	}
}

// spec is the description of a method: its parameters, and by name the fields of parameters that are objects.
type spec struct {
	Params []param
	Defs   map[string]struct{ Fields []param }
}

type param struct {
	Name     string
	Required any // true, false or "unknown"
	Ref      string
}

func readSpec(t *testing.T, method string) spec {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(contracts(t), "spec", method+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var s spec
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestCommandsFollowTheSpecs(t *testing.T) {
	contracts(t)
	for i, cmd := range describedCommands(t) {
		t.Run(fmt.Sprint(i, " ", cmd.Method), func(t *testing.T) {
			s := readSpec(t, cmd.Method)
			checkParams(t, s.Params, cmd.Params)
			if strings.HasPrefix(cmd.Method, "crm.item.") && !strings.HasSuffix(cmd.Method, "productrow.set") {
				return // the fields of items differ by type; the spec lists those of leads
			}
			for _, p := range s.Params {
				name := strings.TrimPrefix(p.Ref, "#/defs/")
				for _, inner := range paramObjects(cmd.Params[p.Name]) {
					checkParams(t, knownFields(s, name), inner)
				}
			}
		})
	}
}

// knownFields returns the described fields of a parameter that is an object.
func knownFields(s spec, name string) []param {
	fields := s.Defs[name].Fields
	if name == "selectFields" { // a select is a list of names with one named option; the spec prints "*" as a name
		fields = []param{{Name: "0"}, {Name: "language"}}
	}
	return fields
}

// undescribed are fields that samples have and the page of the method omits.
var undescribed = []string{"COMPLETED"} // crm.activity.add

// checkParams reports parameters that are not known and required ones that are missing; nothing is known of an undescribed object.
func checkParams(t *testing.T, known []param, given Params) {
	t.Helper()
	if len(known) == 0 {
		return
	}
	for name := range given {
		if !slices.ContainsFunc(known, func(p param) bool { return p.Name == name }) && !slices.Contains(undescribed, name) {
			t.Errorf("parameter %s is not described", name)
		}
	}
	for _, p := range known {
		if _, found := given[p.Name]; !found && p.Required == true {
			t.Errorf("parameter %s is missing", p.Name)
		}
	}
}

// paramObjects returns the maps in a value: the value itself or the members of a list.
func paramObjects(value any) []Params {
	switch v := value.(type) {
	case Params:
		return []Params{v}
	case []any:
		var list []Params
		for _, item := range v {
			list = append(list, paramObjects(item)...)
		}
		return list
	}
	return nil
}

// The commands can be encoded for a batch and for calls of their own.
func TestCommandsAreEncoded(t *testing.T) {
	for _, cmd := range describedCommands(t) {
		if _, _, err := phpQuery(cmd.Params); err != nil {
			t.Errorf("%s in a batch: %v", cmd.Method, err)
		}
		if _, err := plainJSON(cmd.Params); err != nil {
			t.Errorf("%s alone: %v", cmd.Method, err)
		}
	}
}
