package bitrix24

import (
	"context"
	"errors"
	"testing"
)

// TestMethods runs the typed methods and commands of the client and checks the REST methods that they call and the decoded answers.
func TestMethods(t *testing.T) {
	ctx := context.Background()
	item, rows := `{"item":{"id":"5"}}`, `{"productRows":[{"id":1}]}`
	for name, tt := range map[string]struct {
		method, result string
		call           func(*Client) (decoded bool, err error)
	}{
		"Deal": {"crm.item.get", item, func(c *Client) (bool, error) {
			d, err := readOne[Deal](ctx, c, GetItem(DealType, 5))
			return d != nil && d.ID == 5, err
		}},
		"Company": {"crm.item.get", item, func(c *Client) (bool, error) {
			d, err := readOne[Company](ctx, c, GetItem(CompanyType, 5))
			return d != nil && d.ID == 5, err
		}},
		"Contact": {"crm.item.get", item, func(c *Client) (bool, error) {
			d, err := readOne[Contact](ctx, c, GetItem(ContactType, 5))
			return d != nil && d.ID == 5, err
		}},
		"Item": {"crm.item.get", item, func(c *Client) (bool, error) { d, err := c.Item(ctx, 1030, 5); return d != nil && d.ID == 5, err }},
		"AddItem": {"crm.item.add", item, func(c *Client) (bool, error) {
			d, err := readOne[Item](ctx, c, AddItem(1030, nil))
			return d != nil && d.ID == 5, err
		}},
		"UpdateItem": {"crm.item.update", item, func(c *Client) (bool, error) {
			d, err := c.UpdateItem(ctx, 1030, 5, nil)
			return d != nil && d.ID == 5, err
		}},
		"ItemFields": {"crm.item.fields", `{"fields":{"id":{"upperName":"ID"}}}`, func(c *Client) (bool, error) {
			f, err := c.ItemFields(ctx, 2)
			return f.CamelNames()["ID"] == "id", err
		}},
		"ProductRows":    {"crm.item.productrow.list", rows, func(c *Client) (bool, error) { l, err := c.ProductRows(ctx, 2, 5); return len(l) == 1, err }},
		"SetProductRows": {"crm.item.productrow.set", rows, func(c *Client) (bool, error) { l, err := c.SetProductRows(ctx, 2, 5, nil); return len(l) == 1, err }},
		"Categories": {"crm.category.list", `{"categories":[{"id":0}]}`, func(c *Client) (bool, error) {
			l, err := fetch[CategoriesResult](ctx, c, ListCategories(2))
			return len(l.Categories) == 1, err
		}},
		"Statuses": {"crm.status.list", `[{"ID":"1"}]`, func(c *Client) (bool, error) { l, err := c.Statuses(ctx, "DEAL_STAGE"); return len(l) == 1, err }},
		"AddStatus": {"crm.status.add", `773`, func(c *Client) (bool, error) {
			id, err := fetch[ID](ctx, c, AddStatus(StatusDraft{}))
			return id == 773, err
		}},
		"UpdateStatus": {"crm.status.update", `true`, func(c *Client) (bool, error) { return true, c.Run(ctx, UpdateStatus(773, StatusDraft{}), nil) }},
		"Types": {"crm.type.list", `{"types":[{"id":1}]}`, func(c *Client) (bool, error) {
			l, err := fetch[TypesResult](ctx, c, ListTypes(nil))
			return len(l.Types) == 1, err
		}},
		"AddType": {"crm.type.add", `{"type":{"id":1}}`, func(c *Client) (bool, error) { d, err := c.AddType(ctx, TypeDraft{}); return d.ID == 1, err }},
		"UserFields": {"userfieldconfig.list", `{"fields":[{"id":"1"}]}`, func(c *Client) (bool, error) {
			l, err := fetch[UserFieldsResult](ctx, c, ListUserFields("CRM_7"))
			return len(l.Fields) == 1, err
		}},
		"GetUserField": {"userfieldconfig.get", `{"field":{"id":"7"}}`, func(c *Client) (bool, error) {
			f, err := fetch[UserFieldResult](ctx, c, GetUserField(7))
			return f.Field.ID == 7, err
		}},
		"AddUserField": {"userfieldconfig.add", `{"field":{"id":"1"}}`, func(c *Client) (bool, error) {
			f, err := fetch[UserFieldResult](ctx, c, AddUserField(UserFieldDraft{}))
			return f.Field.ID == 1, err
		}},
		"Requisites": {"crm.requisite.list", `[{"ID":"1","RQ_INN":"7717586110"}]`, func(c *Client) (bool, error) {
			l, err := c.Requisites(ctx, 4, 5)
			return len(l) == 1 && l[0].INN == "7717586110", err
		}},
		"RequisitesByID": {"crm.requisite.list", `[{"ID":"1"}]`, func(c *Client) (bool, error) {
			l, err := fetch[List[Requisite]](ctx, c, RequisitesByID(1, 2))
			return len(l) == 1, err
		}},
		"BankDetailsOf": {"crm.requisite.bankdetail.list", `[{"ID":"1"}]`, func(c *Client) (bool, error) {
			l, err := fetch[List[BankDetail]](ctx, c, BankDetailsOf(1, 2))
			return len(l) == 1, err
		}},
		"AddressesOf": {"crm.address.list", `[{"TYPE_ID":"6"}]`, func(c *Client) (bool, error) {
			l, err := fetch[List[Address]](ctx, c, AddressesOf(1, 2))
			return len(l) == 1, err
		}},
		"Presets": {"crm.requisite.preset.list", `[{"ID":"2","NAME":"ИП"}]`, func(c *Client) (bool, error) {
			l, err := c.Presets(ctx)
			return len(l) == 1 && l[0].Name == "ИП", err
		}},
		"BankDetails": {"crm.requisite.bankdetail.list", `[{"ID":"1","RQ_BIK":"044525225"}]`, func(c *Client) (bool, error) {
			l, err := c.BankDetails(ctx, 5)
			return len(l) == 1 && l[0].BIK == "044525225", err
		}},
		"RequisiteLinks": {"crm.requisite.link.list", `[{"ENTITY_ID":"5","REQUISITE_ID":"7"}]`, func(c *Client) (bool, error) {
			l, err := fetch[List[RequisiteLink]](ctx, c, ListRequisiteLinks(2, 5))
			return len(l) == 1 && l[0].RequisiteID == 7, err
		}},
		"Addresses": {"crm.address.list", `[{"TYPE_ID":"6","ENTITY_TYPE_ID":"8"}]`, func(c *Client) (bool, error) {
			l, err := c.Addresses(ctx, 5)
			return len(l) == 1 && l[0].EntityTypeID == RequisiteType, err
		}},
		"Placements": {"placement.get", `[{"placement":"A","handler":"h"}]`, func(c *Client) (bool, error) {
			l, err := fetch[List[Placement]](ctx, c, GetPlacements())
			return len(l) == 1 && l[0].Code == "A", err
		}},
		"BindPlacement": {"placement.bind", `true`, func(c *Client) (bool, error) {
			return true, c.Run(ctx, BindPlacement(PlacementDraft{"A", "h", "Акты", "Акты"}), nil)
		}},
		"UnbindPlacement": {"placement.unbind", `{"count":2}`, func(c *Client) (bool, error) { return true, c.Run(ctx, UnbindPlacement("A", ""), nil) }},
		"Events": {"event.get", `[{"event":"A"}]`, func(c *Client) (bool, error) {
			l, err := fetch[List[EventHandler]](ctx, c, GetEvents())
			return len(l) == 1, err
		}},
		"BindEvent": {"event.bind", `true`, func(c *Client) (bool, error) { return true, c.Run(ctx, BindEvent("A", "h"), nil) }},
		"NotifySystem": {"im.notify.system.add", `12345`, func(c *Client) (bool, error) {
			id, err := fetch[ID](ctx, c, NotifySystem(Notice{}))
			return id == 12345, err
		}},
		"AddComment": {"crm.timeline.comment.add", `999`, func(c *Client) (bool, error) {
			id, err := fetch[ID](ctx, c, AddComment(CommentDraft{}))
			return id == 999, err
		}},
		"Comments": {"crm.timeline.comment.list", `[{"ID":"999"}]`, func(c *Client) (bool, error) {
			l, err := fetch[List[Comment]](ctx, c, ListComments(2, 5, 0))
			return len(l) == 1, err
		}},
		"AddTask": {"tasks.task.add", `{"task":{"id":"3711"}}`, func(c *Client) (bool, error) {
			d, err := fetch[TaskResult](ctx, c, AddTask(TaskDraft{}))
			return d.Task.ID == 3711, err
		}},
		"Tasks": {"tasks.task.list", `{"tasks":[{"id":"1","status":"5"}]}`, func(c *Client) (bool, error) {
			l, err := c.Tasks(ctx, nil)
			return len(l) == 1 && l[0].Status == 5, err
		}},
		"ReassignTask": {"tasks.task.update", `{"task":{}}`, func(c *Client) (bool, error) { return true, c.Run(ctx, ReassignTask(5, 6), nil) }},
		"CompleteTask": {"tasks.task.complete", `{"task":{}}`, func(c *Client) (bool, error) { return true, c.Run(ctx, CompleteTask(5), nil) }},
		"Activities": {"crm.activity.list", `[{"ID":"5"}]`, func(c *Client) (bool, error) {
			l, err := c.Activities(ctx, nil)
			return len(l) == 1 && l[0].ID == 5, err
		}},
		"AddEmail":       {"crm.activity.add", `5`, func(c *Client) (bool, error) { id, err := c.AddEmail(ctx, EmailDraft{}); return id == 5, err }},
		"DeleteActivity": {"crm.activity.delete", `true`, func(c *Client) (bool, error) { return true, c.DeleteActivity(ctx, 5) }},
		"CalendarSettings": {"calendar.settings.get", `{"work_time_start":"9"}`, func(c *Client) (bool, error) {
			s, err := fetch[CalendarSettings](ctx, c, GetCalendarSettings())
			return s.WorkTimeStart == "9", err
		}},
		"Profile":         {"profile", `{"ID":"5"}`, func(c *Client) (bool, error) { p, err := fetch[Profile](ctx, c, GetProfile()); return p.ID == 5, err }},
		"empty Profile":   {"profile", `[]`, func(c *Client) (bool, error) { p, err := fetch[Profile](ctx, c, GetProfile()); return p.ID == 0, err }},
		"Users":           {"user.get", `[{"ID":"1","TIMESTAMP_X":{}}]`, func(c *Client) (bool, error) { l, err := c.Users(ctx, nil); return len(l) == 1, err }},
		"CreateWorkGroup": {"sonet_group.create", `7`, func(c *Client) (bool, error) { id, err := c.CreateWorkGroup(ctx, "Акты"); return id == 7, err }},
		"Departments":     {"department.get", `[{"ID":"15"}]`, func(c *Client) (bool, error) { l, err := c.Departments(ctx); return len(l) == 1, err }},
		"Scope": {"scope", `["crm","im"]`, func(c *Client) (bool, error) {
			l, err := fetch[List[Text]](ctx, c, GetScope())
			return len(l) == 2 && l[0] == "crm", err
		}},
		"AddTrigger":     {"crm.automation.trigger.add", `true`, func(c *Client) (bool, error) { return true, c.Run(ctx, AddTrigger("a", "b"), nil) }},
		"ExecuteTrigger": {"crm.automation.trigger.execute", `true`, func(c *Client) (bool, error) { return true, c.Run(ctx, ExecuteTrigger("a", 2, 5), nil) }},
		"Triggers": {"crm.automation.trigger.list", `[{"NAME":"Акт подписан","CODE":"a"}]`, func(c *Client) (bool, error) {
			l, err := fetch[List[Trigger]](ctx, c, ListTriggers())
			return len(l) == 1 && l[0].Code == "a", err
		}},
		"StageMoves": {"crm.stagehistory.list", `{"items":[{"ID":35,"STAGE_ID":"NEW"}]}`, func(c *Client) (bool, error) {
			l, err := fetch[StageMovesResult](ctx, c, ListStageMoves(2, 5))
			return len(l.Items) == 1 && l.Items[0].ID == 35, err
		}},
		"AddBadge": {"crm.activity.badge.add", `{"badge":{"code":"a"}}`, func(c *Client) (bool, error) { return true, c.Run(ctx, AddBadge(Badge{}), nil) }},
		"Badges": {"crm.activity.badge.list", `{"badges":[{"code":"a"}]}`, func(c *Client) (bool, error) {
			l, err := fetch[BadgesResult](ctx, c, ListBadges())
			return len(l.Badges) == 1 && l.Badges[0].Code == "a", err
		}},
		"AddCard": {"crm.activity.configurable.add", `{"activity":{"id":999}}`, func(c *Client) (bool, error) {
			r, err := fetch[CardResult](ctx, c, AddCard(CardDraft{}))
			return r.Activity.ID == 999, err
		}},
		"UpdateCard": {"crm.activity.configurable.update", `{"activity":{"id":999}}`, func(c *Client) (bool, error) {
			r, err := fetch[CardResult](ctx, c, UpdateCard(999, CardDraft{}))
			return r.Activity.ID == 999, err
		}},
		"Cards": {"crm.activity.list", `[{"ID":"5"}]`, func(c *Client) (bool, error) {
			l, err := fetch[List[Activity]](ctx, c, ListCards(2, 5))
			return len(l) == 1, err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newStubPortal(t, respondResult(tt.result))
			if decoded, err := tt.call(p.client(t)); err != nil || !decoded {
				t.Errorf("decoding the result %s: %v, error %v; want true", tt.result, decoded, err)
			}
			if got := p.received()[0].Path; got != "/rest/"+tt.method+".json" {
				t.Errorf("called %s, want %s", got, tt.method)
			}
		})
	}
}

// An answer without an id is an error, so that it is not stored as the created object.
func TestAnswersWithoutAnIDAreUnreadable(t *testing.T) {
	for _, body := range []string{`{"item":[]}`, `{"item":null}`, `{"item":{"id":0}}`, `{}`, `{"item":{"title":"x"}}`} {
		d, err := readOne[Item](context.Background(), newStubPortal(t, respondResult(body)).client(t), AddItem(1030, nil))
		if d != nil || !errors.Is(err, ErrUnreadable) || NotExecuted(err) {
			t.Errorf("AddItem answered by %s = %v, %v; want ErrUnreadable of a call that may have been executed", body, d, err)
		}
	}
}

func TestNamesOfEntityTypes(t *testing.T) {
	for entityType, want := range map[EntityType][3]string{ // Short, Name, StageEntity of category 0
		LeadType:    {"L", "lead", "DYNAMIC_1_STAGE_0"},
		DealType:    {"D", "deal", "DEAL_STAGE"},
		ContactType: {"C", "contact", "DYNAMIC_3_STAGE_0"},
		CompanyType: {"CO", "company", "DYNAMIC_4_STAGE_0"},
		128:         {"T80", "dynamic_128", "DYNAMIC_128_STAGE_0"},
		1030:        {"T406", "dynamic_1030", "DYNAMIC_1030_STAGE_0"},
		1268:        {"T4f4", "dynamic_1268", "DYNAMIC_1268_STAGE_0"},
	} {
		if got := [3]string{entityType.Short(), entityType.Name(), StageEntity(entityType, 0)}; got != want {
			t.Errorf("names of type %d are %v, want %v", entityType, got, want)
		}
	}
	if got := StageEntity(DealType, 9); got != "DEAL_STAGE_9" {
		t.Errorf("StageEntity of category 9 = %s, want DEAL_STAGE_9", got)
	}
}
