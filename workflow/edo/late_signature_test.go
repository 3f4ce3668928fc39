package edo_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"acts24/cmd/app/apptest"
	"acts24/integrations/sbis/sbistest"
)

const correctedAct = "/p/1/acts/2"

// lateSignature lets the counterparty refuse by telephone, forms the corrected act, and lets the counterparty sign the original nevertheless.
func lateSignature(t *testing.T) (s *apptest.Site, original string) {
	t.Helper()
	s, original = sentAct(t, true)
	s.PostAction(firstAct+"/mark", apptest.Form("event", "refusal", "reason", "Не то количество"), "Отказ от подписания")
	p, err := s.Manager.Post(firstAct+"/correct", apptest.Form("key", uuid.NewString()))
	s.Page(p, err, http.StatusOK)
	s.MoveDocument(original, sbistest.MoveSignByCounterparty)
	awaitStatus(s, signedLabel)
	return s, original
}

// sendCorrection hands the corrected act over and signs it for us.
func sendCorrection(s *apptest.Site) (document string) {
	s.T.Helper()
	p, err := s.Manager.Post(correctedAct+"/send", nil)
	s.Page(p, err, http.StatusOK)
	s.Await("the second document", func() bool { return len(s.Documents()) == 2 })
	document = s.LastDocument().ID
	s.MoveDocument(document, sbistest.MoveSignByUs)
	awaitStatusOf(s, correctedAct, sentLabel)
	return document
}

func awaitStatusOf(s *apptest.Site, act, label string) {
	s.T.Helper()
	s.Await(act+" is «"+label+"»", func() bool { return apptest.ActStatus(s.ActPage(act)) == label })
}

// step posts a step of an annulment of an act whose page must offer it.
func step(s *apptest.Site, act, button, name string) {
	s.T.Helper()
	if apptest.TestID(s.ActPage(act), button).Length() == 0 {
		s.T.Fatalf("%s does not offer %s", act, button)
	}
	p, err := s.Manager.Post(act+"/annulment", apptest.Form("step", name, "reason", "На одни услуги два акта"))
	s.Page(p, err, http.StatusOK)
}

// annulDraft annuls the corrected act, whose page must offer it.
func annulDraft(s *apptest.Site) {
	s.T.Helper()
	if apptest.TestID(s.ActPage(correctedAct), "mark-annul").Length() == 0 {
		s.T.Fatal("the corrected draft cannot be annulled")
	}
	s.PostAction(correctedAct+"/mark", apptest.Form("event", "annulment", "reason", "Верен прежний"), annulledLabel)
}

// agrees lets the counterparty agree to our proposal.
func agrees(s *apptest.Site, document string) {
	s.T.Helper()
	s.Await("our proposal", func() bool { d, _ := s.SBIS.Document(document); return d.Annulment == "us" })
	s.MoveDocument(document, sbistest.MoveAgreeAnnulment)
}

// The counterparty signs an act after its correction was formed: both pages show it, the responsible is told, and either act can be kept, however far
// the correction is.
func TestSignedAfterItsCorrection(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		choose                       func(s *apptest.Site, original string)
		original, correction, ofDeal string
		originalCounts               bool
	}{
		"the correction is a draft": {func(s *apptest.Site, _ string) { annulDraft(s) }, signedLabel, annulledLabel, "Услуга оказана", true},
		"the correction was sent": {func(s *apptest.Site, _ string) {
			sendCorrection(s)
			step(s, correctedAct, "recall-act", "recall")
			awaitStatusOf(s, correctedAct, apptest.DraftLabel)
			annulDraft(s)
		}, signedLabel, annulledLabel, "Услуга оказана", true},
		"both are signed, the original stays": {func(s *apptest.Site, _ string) {
			document := sendCorrection(s)
			s.MoveDocument(document, sbistest.MoveSignByCounterparty)
			awaitStatusOf(s, correctedAct, signedLabel)
			step(s, correctedAct, "annul-act", "propose")
			agrees(s, document)
		}, signedLabel, annulledLabel, "Услуга оказана", true},
		"the correction stays": {func(s *apptest.Site, original string) {
			document := sendCorrection(s)
			step(s, firstAct, "annul-act", "propose")
			agrees(s, original)
			s.MoveDocument(document, sbistest.MoveSignByCounterparty)
		}, annulledLabel, signedLabel, "Услуга оказана", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, original := lateSignature(t)
			for act, block := range map[string]string{firstAct: "replaced", correctedAct: "corrects"} {
				if text := apptest.Text(s.ActPage(act), block); !strings.Contains(text, "на одни услуги два акта. Оставьте один.") {
					t.Errorf("%s shows %s", act, text)
				}
			}
			s.Await("the responsible told", func() bool { return s.Notifications("оставьте один из двух") == 1 })
			tt.choose(s, original)
			awaitStatusOf(s, firstAct, tt.original)
			awaitStatusOf(s, correctedAct, tt.correction)
			s.Await("the deal at «"+tt.ofDeal+"»", func() bool { return s.DealStage(s.Deal(1)) == tt.ofDeal })
			s.AwaitQuiet()
			if n := s.Count(`acts WHERE status <> 'annulled' AND replaced_by IS NULL`); n != 1 {
				t.Errorf("%d acts count", n)
			}
			if counts := s.Count(`acts WHERE id = 1 AND replaced_by IS NULL`) == 1; counts != tt.originalCounts {
				t.Errorf("the original counts: %v", counts)
			}
			for _, act := range []string{firstAct, correctedAct} {
				if text := s.ActPage(act).Text(); strings.Contains(text, "на одни услуги два акта") {
					t.Errorf("%s still shows two acts", act)
				}
			}
			if faults := s.HistoryFaults(); len(faults) > 0 {
				t.Error(faults)
			}
		})
	}
}
