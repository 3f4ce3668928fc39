package app_test

import (
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/integrations/sbis/sbistest"
)

func TestMain(m *testing.M) { apptest.Main(m) }

func TestMainJob(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	for name, n := range map[string]int{"a legal entity": 1, "an entrepreneur": 2} {
		t.Run(name, func(t *testing.T) {
			s.T = t
			deal := s.Deal(n)
			tab := s.HandOver(deal)
			s.Await("the document in SBIS", func() bool { return s.WaitsForOurSignature(tab) })
			doc := s.Documents()[len(s.Documents())-1]
			if doc.State != 0 {
				t.Fatalf("state %d, want a draft", doc.State)
			}
			if err := s.SBIS.PerformMove(doc.ID, sbistest.MoveRequest{Move: sbistest.MoveSignByUs}); err != nil {
				t.Fatal(err)
			}
			s.Await("the deal moved after our signature", func() bool { return s.DealStage(deal) == "Акт направлен заявителю" })
			if err := s.SBIS.PerformMove(doc.ID, sbistest.MoveRequest{Move: sbistest.MoveSignByCounterparty}); err != nil {
				t.Fatal(err)
			}
			s.Await("the deal moved after the counterparty's signature", func() bool { return s.DealStage(deal) == "Услуга оказана" })
			s.Await("the status on the tab", func() bool {
				p, err := s.Manager.Get(tab)
				return strings.TrimSpace(apptest.TestID(s.Page(p, err, 200), "act-status").First().Text()) == "Акт получен и подписан"
			})
		})
	}
}
