package crm_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"acts24/acts/automation"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	fake "acts24/integrations/bitrix24/bitrix24test/automation"
	"acts24/integrations/sbis/sbistest"
)

// awaitBadge waits for the badge of a deal, "" for none.
func awaitBadge(s *apptest.Site, deal int64, value string) {
	s.T.Helper()
	s.Await("the badge «"+value+"»", func() bool {
		got, _ := s.Portal.Automation.BadgeOf(deal)
		return got.Value == value
	})
}

// badgeActivities returns the number of activities with badges.
func badgeActivities(s *apptest.Site) int { return len(s.Portal.Automation.Snapshot().Cards) }

// handOverAndSign forms and hands over the act of a deal, signs it for us and returns the id of its document.
func handOverAndSign(s *apptest.Site, deal int64) string {
	s.T.Helper()
	before := len(s.Documents())
	s.HandOver(deal)
	s.Await("the document in SBIS", func() bool { return len(s.Documents()) > before })
	document := s.LastDocument().ID
	s.MoveDocument(document, sbistest.MoveSignByUs)
	return document
}

// The badge of a deal follows its acts by one activity, although the answer of its creation is lost.
func TestBadgeFollowsTheActs(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	if err := s.Portal.Fault(bitrix24test.Fault{Method: "crm.activity.configurable.add", Kind: bitrix24test.FaultReset, Count: 1}); err != nil {
		t.Fatal(err)
	}
	refused, signed := s.Deal(1), s.Deal(2)
	document := handOverAndSign(s, refused)
	awaitBadge(s, refused, automation.BadgeUnsigned.Value())
	s.MoveDocument(document, sbistest.MoveReject)
	awaitBadge(s, refused, automation.BadgeRefused.Value())
	document = handOverAndSign(s, signed)
	awaitBadge(s, signed, automation.BadgeUnsigned.Value())
	s.MoveDocument(document, sbistest.MoveSignByCounterparty)
	awaitBadge(s, signed, "")
	s.AwaitQuiet()
	if n := badgeActivities(s); n != 2 {
		t.Errorf("%d activities with badges for two deals, want two", n)
	}
}

// The activity names the acts that the badge is about, also those of the same badge that come or go later.
func TestBadgeNamesTheActs(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	s.DealTab(deal)
	s.SetRows(deal, apptest.ProductRow("Аудит", 2, 100))
	form := func(quantity string) {
		t.Helper()
		doc, action, f := s.DealTab(deal)
		f.Set(apptest.QuantityFields(doc)[0], quantity)
		f.Set("send", "1")
		p, err := s.Manager.Post(action, f)
		s.Page(p, err, http.StatusOK)
	}
	awaitActs := func(numbers ...string) {
		t.Helper()
		s.Await("the activity names the acts "+strings.Join(numbers, ", "), func() bool {
			for _, card := range s.Portal.Automation.Snapshot().Cards {
				text := fmt.Sprint(card.Layout)
				return strings.Count(text, "Акт № ") == len(numbers) && !slices.ContainsFunc(numbers, func(n string) bool { return !strings.Contains(text, "Акт № "+n+" ") })
			}
			return false
		})
	}
	var documents []string
	for n := range 2 {
		form("1")
		s.Await("the document in SBIS", func() bool { return len(s.Documents()) == n+1 })
		documents = append(documents, s.LastDocument().ID)
	}
	s.MoveDocument(documents[0], sbistest.MoveSignByUs)
	awaitActs("1")
	s.MoveDocument(documents[1], sbistest.MoveSignByUs)
	awaitActs("1", "2")
	s.MoveDocument(documents[0], sbistest.MoveSignByCounterparty)
	awaitActs("2")
	if n := badgeActivities(s); n != 1 {
		t.Errorf("%d activities with badges for one deal, want one", n)
	}
}

// A badge that the portal refuses is named on the state page and not repeated; when an administrator opens the app, it is shown.
func TestRefusedBadgeIsRepaired(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.Portal.Automation.Configure(func(state *fake.State) { state.Badges = nil })
	handOverAndSign(s, s.Deal(1))
	s.Await("the refusal", func() bool {
		return s.Count("portals WHERE automation ->> 'problems' LIKE '%Значок сделки не показан%'") == 1
	})
	s.Await("no task is left", func() bool { return s.Count("tasks") == 0 }) // also those that read back what we wrote, which are due later
	calls := 0
	for _, l := range s.Portal.Trace().Lines() {
		if l.Method == "crm.activity.configurable.add" {
			calls++
		}
	}
	if calls != 1 {
		t.Errorf("the creation of the refused badge was called %d times, want once", calls)
	}
	page, err := s.AdminAtMenu().Get("/p/1/state")
	if text := s.Page(page, err, http.StatusOK).Text(); !strings.Contains(text, "Значок сделки не показан. ") {
		t.Errorf("the state page does not show that the badge was refused: %s", text)
	}
	s.AdvanceTo(s.Clock.Now().Add(61 * time.Minute))
	s.AdminAtMenu()
	awaitBadge(s, s.Deal(1), automation.BadgeUnsigned.Value())
	if s.Count("portals WHERE automation ->> 'problems' IS NOT NULL") != 0 {
		t.Error("the problem is stored after the badge was shown, want none")
	}
}

// A deal that is deleted before its badge changes leaves no task and no problem.
func TestBadgeOfADeletedDeal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	document := handOverAndSign(s, deal)
	awaitBadge(s, deal, automation.BadgeUnsigned.Value())
	if err := s.Portal.Delete(s.Portal.Admin(), bitrix24test.Deal, deal); err != nil {
		t.Fatal(err)
	}
	s.MoveDocument(document, sbistest.MoveReject)
	s.Await("the refusal", func() bool { return s.Count("acts WHERE status = 'refused'") == 1 })
	s.Await("no task is left, also none of the signed files", func() bool { return s.Count("tasks") == 0 })
	if s.Count("portals WHERE automation ->> 'problems' IS NOT NULL") != 0 {
		t.Error("the deleted deal left a problem, want none")
	}
}
