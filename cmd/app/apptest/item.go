package apptest

import (
	"fmt"

	"acts24/integrations/bitrix24/bitrix24test/contract"
)

// ItemType returns the entity type of the smart process.
func (s *Site) ItemType() int {
	for _, t := range s.Portal.Types() {
		return t.EntityTypeID
	}
	s.T.Fatal("no smart process")
	return 0
}

// Item returns the only item of the smart process.
func (s *Site) Item() fields {
	s.T.Helper()
	s.Await("the item", func() bool { return len(s.Portal.Items(s.ItemType())) == 1 })
	return s.Portal.Items(s.ItemType())[0]
}

// ItemOf waits for the only item of a deal and returns it.
func (s *Site) ItemOf(deal int64) (item fields) {
	s.T.Helper()
	s.Await("the item of the deal", func() bool {
		n := 0
		for _, one := range s.Portal.Items(s.ItemType()) {
			if one["parentId2"] == float64(deal) {
				item, n = one, n+1
			}
		}
		return n == 1
	})
	return item
}

// ItemStage returns the name of the stage of an item.
func (s *Site) ItemStage(id int64) string {
	item := s.Portal.Item(s.ItemType(), id)
	return s.Portal.StageName(s.ItemType(), item["stageId"].(string))
}

// ItemStageID returns the id of a stage of the smart process.
func (s *Site) ItemStageID(name string) string {
	for _, c := range s.Portal.Categories(s.ItemType()) {
		for _, stage := range s.Portal.Stages(s.ItemType(), c.ID) {
			if stage.Name == name {
				return stage.StatusID
			}
		}
	}
	s.T.Fatalf("no stage «%s»", name)
	return ""
}

// DragItem moves an item to a stage as the manager.
func (s *Site) DragItem(item int64, stage string) {
	s.T.Helper()
	if err := s.Portal.Move(s.Portal.Manager(), s.ItemType(), item, s.ItemStageID(stage)); err != nil {
		s.T.Fatal(err)
	}
}

// ItemField returns the name of an item field by its title.
func (s *Site) ItemField(title string) string {
	for _, f := range s.Portal.ItemFields(s.ItemType()) {
		if f.Title == title {
			return f.Name
		}
	}
	s.T.Fatalf("no field «%s»", title)
	return ""
}

// Placements returns the number of placements in which an administrator sees the app.
func (s *Site) Placements() (n int) {
	for _, code := range []string{"CRM_DEAL_DETAIL_TAB", "CRM_COMPANY_DETAIL_TAB", "CRM_CONTACT_DETAIL_TAB", "LEFT_MENU", "REST_APP_URI", "CRM_ANALYTICS_MENU", "CRM_DEAL_LIST_MENU",
		fmt.Sprintf("CRM_DYNAMIC_%d_DETAIL_TAB", s.ItemType())} {
		n += len(s.Portal.Placements(code, s.Portal.Admin()))
	}
	return n
}

// Writes returns the methods that have changed something on the portals since the journal was reset.
func (s *Site) Writes() (methods []string) {
	for _, l := range s.Cloud.Trace().Lines() {
		if m := contract.Methods[l.Method]; m.Kind == "write" {
			methods = append(methods, l.Method)
		}
	}
	return methods
}

// Reads returns the number of HTTP requests since the journal was reset that read our objects in the portal
// or the user who opened the app.
func (s *Site) Reads() int {
	seen := map[int64]bool{}
	for _, l := range s.Cloud.Trace().Lines() {
		switch l.Method {
		case "profile", "event.get", "crm.status.list", "userfieldconfig.list", "crm.category.list", "crm.item.fields", "userfieldconfig.get":
			seen[l.HTTP] = true
		}
	}
	return len(seen)
}
