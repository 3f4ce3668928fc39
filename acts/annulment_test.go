package acts

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func annulling(s Status, n Annulment) Act {
	a := at(electronic(s), DeliveryCompleted)
	if s != StatusSigned {
		a.Delivery = DeliveryDelivered
	}
	a.Annulment = n
	return a
}

func TestMayStep(t *testing.T) {
	ours, theirs := Annulment{Proposed: SideOurs}, Annulment{Proposed: SideTheirs}
	for name, tt := range map[string]struct {
		act     Act
		step    AnnulmentStep
		message string // "" when it is allowed
	}{
		"sent: recalled":                           {annulling(StatusSent, Annulment{}), StepRecall, ""},
		"the counterparty is not connected":        {at(electronic(StatusSignedByUs), DeliveryWaitingConnection), StepRecall, ""},
		"accepted, not signed":                     {annulling(StatusAcceptedUnsigned, Annulment{}), StepRecall, ""},
		"signed: not recalled":                     {annulling(StatusSigned, Annulment{}), StepRecall, "предложить контрагенту аннулирование"},
		"marked as signed":                         {marked(at(electronic(StatusSigned), DeliveryDelivered)), StepRecall, "Отмените отметку"},
		"our signature is missing":                 {at(electronic(StatusDraft), DeliveryWaitingSignature), StepRecall, "Отозвать из СБИС"},
		"a draft is not recalled":                  {electronic(StatusDraft), StepRecall, "отзывать нечего"},
		"paper is not recalled":                    {paper(StatusSent), StepRecall, "Бумажный"},
		"a recall is under way":                    {annulling(StatusSent, Annulment{Step: StepRecall}), StepRecall, "Дождитесь ответа СБИС"},
		"a recall that a person makes, again":      {annulling(StatusSent, Annulment{Step: StepRecall, Manual: true}), StepRecall, ""},
		"annulled: nothing to recall":              {electronic(StatusAnnulled), StepRecall, "Отозвать его сейчас нельзя"},
		"signed: proposed":                         {annulling(StatusSigned, Annulment{}), StepPropose, ""},
		"sent: recalled instead":                   {annulling(StatusSent, Annulment{}), StepPropose, "отзовите документ"},
		"a draft: annulled alone":                  {electronic(StatusDraft), StepPropose, "аннулируйте его сами"},
		"paper: annulled by a mark":                {paper(StatusSigned), StepPropose, "Бумажный"},
		"a second proposal":                        {annulling(StatusSigned, ours), StepPropose, "уже отправлено"},
		"the counterparty has proposed":            {annulling(StatusSigned, theirs), StepPropose, "сам предложил"},
		"refused: nothing to annul by agreement":   {at(electronic(StatusRefused), DeliveryCompleted), StepPropose, "предлагать аннулирование нечего"},
		"an answer to their proposal":              {annulling(StatusSigned, theirs), StepAgree, ""},
		"a decline of their proposal":              {annulling(StatusSigned, theirs), StepDecline, ""},
		"an answer to ours":                        {annulling(StatusSigned, ours), StepAgree, "не предлагал"},
		"an answer is under way":                   {annulling(StatusSigned, Annulment{Proposed: SideTheirs, Step: StepAgree}), StepDecline, "Дождитесь"},
		"an answer that a person gives may change": {annulling(StatusSigned, Annulment{Proposed: SideTheirs, Step: StepAgree, Manual: true}), StepDecline, ""},
		"our proposal is withdrawn":                {annulling(StatusSigned, ours), StepWithdraw, ""},
		"their proposal is not ours to withdraw":   {annulling(StatusSigned, theirs), StepWithdraw, "Предложения об аннулировании нет"},
		"no such step":                             {annulling(StatusSigned, ours), "dance", "Такого действия нет"},
	} {
		err := tt.act.MayStep(tt.step)
		if (err == nil) != (tt.message == "") || !strings.Contains(Message(err), tt.message) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && !errors.Is(err, Conflict) && tt.step.Known() {
			t.Errorf("%s: %v is no conflict", name, err)
		}
	}
}

func TestFollowAnnulment(t *testing.T) {
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	news := func(kinds ...AnnulmentEventKind) (list []AnnulmentEvent) {
		for i, k := range kinds {
			list = append(list, AnnulmentEvent{Event: string(rune('a' + i)), Kind: k, Comment: "почему", At: now})
		}
		return list
	}
	for name, tt := range map[string]struct {
		was    Annulment
		report DocumentState
		want   Annulment
		kinds  string // of the changes
		told   int
	}{
		"nothing new": {Annulment{}, DocumentState{Phase: PhaseDecided}, Annulment{}, "", 0},
		"our proposal is out": {Annulment{Step: StepPropose, Why: "ошибка"}, DocumentState{Phase: PhaseDecided, Annulment: news(AnnulmentProposedByUs)},
			Annulment{Proposed: SideOurs, ProposedAt: now, Reason: "почему", LastEvent: "a"}, "annulment_proposed", 0},
		"they propose": {Annulment{}, DocumentState{Phase: PhaseDecided, Annulment: news(AnnulmentProposedByThem)},
			Annulment{Proposed: SideTheirs, ProposedAt: now, Reason: "почему", LastEvent: "a"}, "annulment_proposed", 1},
		"told twice": {Annulment{Proposed: SideTheirs, ProposedAt: now, LastEvent: "a"}, DocumentState{Phase: PhaseDecided, Annulment: news(AnnulmentProposedByThem)},
			Annulment{Proposed: SideTheirs, ProposedAt: now, LastEvent: "a"}, "", 0},
		"they decline": {Annulment{Proposed: SideOurs, LastEvent: "a"}, DocumentState{Phase: PhaseDecided, Annulment: news(AnnulmentProposedByUs, AnnulmentDeclined)},
			Annulment{Declined: "Контрагент не согласился аннулировать акт: почему.", LastEvent: "b"}, "annulment_declined", 1},
		"we decline": {Annulment{Proposed: SideTheirs, Step: StepDecline, LastEvent: "a"}, DocumentState{Phase: PhaseDecided, Annulment: news(AnnulmentProposedByThem, AnnulmentDeclined)},
			Annulment{Declined: "Мы не согласились аннулировать акт: почему.", LastEvent: "b"}, "annulment_declined", 0},
		"they withdraw": {Annulment{Proposed: SideTheirs, LastEvent: "a"}, DocumentState{Phase: PhaseDecided, Annulment: news(AnnulmentProposedByThem, AnnulmentWithdrawn)},
			Annulment{Declined: "Контрагент отозвал своё предложение аннулировать акт.", LastEvent: "b"}, "annulment_declined", 1},
		"all at once: declined, then proposed by them": {Annulment{Step: StepPropose}, DocumentState{Phase: PhaseDecided, Annulment: news(AnnulmentProposedByUs, AnnulmentDeclined, AnnulmentProposedByThem)},
			Annulment{Proposed: SideTheirs, ProposedAt: now, Reason: "почему", LastEvent: "c"}, "annulment_proposed annulment_declined annulment_proposed", 2},
		"an old decline does not end a new request": {Annulment{Step: StepPropose, Why: "ошибка"}, DocumentState{Phase: PhaseDecided, Annulment: news(AnnulmentDeclined)},
			Annulment{Step: StepPropose, Why: "ошибка", LastEvent: "a"}, "", 0},
		"annulled":                      {Annulment{Proposed: SideOurs, LastEvent: "a"}, DocumentState{Phase: PhaseCancelled}, Annulment{LastEvent: "a"}, "", 0},
		"recalled":                      {Annulment{Step: StepRecall, Why: "ошибка", Manual: true}, DocumentState{Phase: PhaseNone, Recalled: true}, Annulment{}, "", 0},
		"still being recalled":          {Annulment{Step: StepRecall}, DocumentState{Phase: PhaseDelivered}, Annulment{Step: StepRecall}, "", 0},
		"signed instead":                {Annulment{Step: StepRecall}, DocumentState{Phase: PhaseDecided}, Annulment{}, "recall_late", 1},
		"signed, the title is not read": {Annulment{Step: StepRecall}, DocumentState{Phase: PhaseDecided, Verdict: VerdictPending}, Annulment{Step: StepRecall}, "", 0},
		"refused instead":               {Annulment{Step: StepRecall}, DocumentState{Phase: PhaseRefused}, Annulment{}, "recall_late", 0},
	} {
		a := annulling(StatusSigned, tt.was)
		got, changes := a.FollowAnnulment(tt.report, now)
		told, kinds := 0, []string{}
		for _, c := range changes {
			kinds = append(kinds, c.Kind)
			if c.Notify {
				told++
			}
		}
		if got != tt.want || strings.Join(kinds, " ") != tt.kinds || told != tt.told {
			t.Errorf("%s: %+v, %v, notified %d times", name, got, kinds, told)
		}
	}
}

// An act waits for us while we owe an answer to a proposal, or a button in the account, and not while the service or the counterparty acts.
func TestActAwaitsUsInAnnulment(t *testing.T) {
	for name, tt := range map[string]struct {
		n    Annulment
		want bool
	}{
		"nothing is going on":                     {Annulment{}, false},
		"the counterparty proposes":               {Annulment{Proposed: SideTheirs}, true},
		"we propose":                              {Annulment{Proposed: SideOurs}, false},
		"our agreement is being sent":             {Annulment{Proposed: SideTheirs, Step: StepAgree}, false},
		"we have to decline it in the account":    {Annulment{Proposed: SideTheirs, Step: StepDecline, Manual: true}, true},
		"we have to recall it in the account":     {Annulment{Step: StepRecall, Manual: true}, true},
		"a proposal that was declined in the end": {Annulment{Declined: "Мы не согласились."}, false},
	} {
		a := Act{Medium: MediumElectronic, Status: StatusSigned, Delivery: DeliveryCompleted, Annulment: tt.n}
		if got := a.AwaitsUs(); got != tt.want {
			t.Errorf("%s: %t, want %t", name, got, tt.want)
		}
	}
}
