package main

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"acts24/acts"
)

// good is a world in order: a signed act and a draft of one deal, a deal with a refusal.
func good() state {
	s := state{Refused: map[string]int{}, Bound: time.Second}
	add := func(id, deal int64, number string, status acts.Status, state int) {
		key, doc := "key-"+number, "document-"+number
		s.Forms = append(s.Forms, form{Portal: 1, Key: key, Act: id})
		s.Acts = append(s.Acts, actRow{Portal: 1, ID: id, Deal: deal, Item: 100 + id, Key: key, Status: string(status),
			Delivery: "completed", Number: number, Year: 2026, Stage: "DT:" + string(status), Lines: 2})
		s.Attempts = append(s.Attempts, attempt{Portal: 1, Act: id, ID: doc, Live: true})
		s.Documents = append(s.Documents, document{Portal: 1, ID: doc, Number: number, State: state})
		s.Items = append(s.Items, item{Portal: 1, ID: 100 + id, Origin: number, Stage: "DT:" + string(status), Rows: 2})
		s.Events = append(s.Events, eventRow{Portal: 1, ID: 10 + id, Act: id, Kind: "created"})
		s.Comments = append(s.Comments, comment{Portal: 1, Owner: "2:5", Text: "Акт № " + number + ". Анна, запись 1" + number})
		s.Notices = append(s.Notices, notice{Portal: 1, Tag: "acts24|1" + number})
	}
	add(1, 5, "1", acts.Signed, 7)
	add(2, 5, "2", acts.Draft, 0)
	add(3, 6, "3", acts.StatusRefused, 9)
	s.Deals = []dealRow{{Portal: 1, ID: 5, Stage: acts.StageSent.Name(), Covered: true}, {Portal: 1, ID: 6, Stage: acts.StageRemarks.Name()},
		{Portal: 1, ID: 7, Stage: firstStage}}
	return s
}

func TestAWorldInOrder(t *testing.T) {
	if r := verdict(good()); !r.clean() {
		t.Errorf("broken: %v", r.broken)
	}
}

// breaks are ways to spoil a good world, and the rules that must notice.
var breaks = map[string]struct {
	spoil func(*state)
	rules []string
}{
	"tasks are left":              {func(s *state) { s.Unrest = "3 tasks are left" }, []string{"the run became quiet"}},
	"a manager was refused":       {func(s *state) { s.Complaints = []string{"422"} }, []string{"every answer to a manager"}},
	"a replica crashed":           {func(s *state) { s.Broken = []string{"replica-1"} }, []string{"no replica ended"}},
	"an acknowledged act is lost": {func(s *state) { s.Forms = append(s.Forms, form{1, "lost", 9}) }, []string{"an acknowledged form"}},
	"the manager saw another act": {func(s *state) { s.Forms[0].Act = 2 }, []string{"an acknowledged form"}},
	"an act came from nowhere":    {func(s *state) { s.Forms = s.Forms[1:] }, []string{"an acknowledged form"}},
	"a second document": {func(s *state) {
		s.Attempts = append(s.Attempts, attempt{Portal: 1, Act: 1, ID: "second"})
		s.Documents = append(s.Documents, document{Portal: 1, ID: "second", Number: "1", State: 7})
	}, []string{"exactly one live document"}},
	"the document is gone":             {func(s *state) { s.Documents[1].Deleted = true }, []string{"exactly one live document"}},
	"a document of nobody":             {func(s *state) { s.Attempts = s.Attempts[1:] }, []string{"exactly one live document", "no document without", "where its document stands", "a deal is where"}},
	"a document with a foreign number": {func(s *state) { s.Documents[0].Number = "2" }, []string{"no document without"}},
	"a signature was not noticed":      {func(s *state) { s.Documents[1].State = 7 }, []string{"where its document stands", "a deal is where"}},
	"a document was refused":           {func(s *state) { s.Events[0].Kind = "delivery_error" }, []string{"nothing bounced"}},
	"an item twice":                    {func(s *state) { s.Items = append(s.Items, item{Portal: 1, ID: 200, Origin: "1"}) }, []string{"exactly one CRM item"}},
	"an item missing":                  {func(s *state) { s.Items = s.Items[1:] }, []string{"exactly one CRM item"}},
	"an item of no act":                {func(s *state) { s.Items = append(s.Items, item{Portal: 1, ID: 200, Origin: "77"}) }, []string{"exactly one CRM item"}},
	"an item behind its act":           {func(s *state) { s.Items[0].Stage = "DT:draft" }, []string{"an item is complete"}},
	"an item without rows":             {func(s *state) { s.Items[2].Rows = 0 }, []string{"an item is complete"}},
	"a comment twice":                  {func(s *state) { s.Comments = append(s.Comments, s.Comments[0]) }, []string{"exactly one comment"}},
	"a comment twice under a new title": {func(s *state) {
		s.Comments = append(s.Comments, comment{1, "2:5", "Акт. Анна, запись 11"})
	}, []string{"exactly one comment"}},
	"a comment missing":             {func(s *state) { s.Comments = s.Comments[1:] }, []string{"exactly one comment"}},
	"a notification twice":          {func(s *state) { s.Notices = append(s.Notices, s.Notices[0]) }, []string{"no notification is doubled"}},
	"a deal that stayed behind":     {func(s *state) { s.Deals[1].Stage = firstStage }, []string{"a deal is where"}},
	"a deal that went too far":      {func(s *state) { s.Deals[0].Stage = acts.StageDone.Name() }, []string{"a deal is where"}},
	"more in acts than in the deal": {func(s *state) { s.Deals[0].Over = true }, []string{"no row is in acts"}},
	"a number twice":                {func(s *state) { s.Acts[1].Number, s.Documents[1].Number = "1", "1" }, []string{"numbers are unique", "no document without"}},
	"a gap":                         {func(s *state) { s.Acts[2].Number, s.Documents[2].Number = "5", "5" }, []string{"numbers are unique"}},
	"a dead task":                   {func(s *state) { s.Tasks = []taskRow{{Portal: 1, Kind: "edo.put", Dead: true}} }, []string{"no task is dead"}},
	"a limit":                       {func(s *state) { s.Refused["QUERY_LIMIT_EXCEEDED"] = 1 }, []string{"no limit was run into"}},
}

func TestTheCheckerCanFail(t *testing.T) {
	failed := map[string]bool{}
	for name, tt := range breaks {
		t.Run(name, func(t *testing.T) {
			s := good()
			tt.spoil(&s)
			found := slices.Sorted(maps.Keys(verdict(s).broken))
			for _, rule := range found {
				failed[rule] = true
			}
			if len(found) != len(tt.rules) {
				t.Fatalf("broken %q, want %q", found, tt.rules)
			}
			for _, want := range tt.rules {
				if !slices.ContainsFunc(found, func(rule string) bool { return strings.Contains(rule, want) }) {
					t.Errorf("broken %q, want %q among them", found, want)
				}
			}
		})
	}
	for _, r := range rules {
		if !failed[r.name] {
			t.Errorf("no world breaks the rule %q", r.name)
		}
	}
}
