package edo

import (
	"testing"

	"acts24/acts"
	"acts24/integrations/sbis"
)

func TestAnnulmentEvents(t *testing.T) {
	for name, want := range map[string]acts.AnnulmentEventKind{
		"Получение соглашения об аннулировании":     acts.AnnulmentProposedByThem,
		"Отправка соглашения об аннулировании":      acts.AnnulmentProposedByUs,
		"Отказ в аннулировании":                     acts.AnnulmentDeclined,
		"Соглашение об аннулировании отклонено":     acts.AnnulmentDeclined,
		"Отзыв соглашения об аннулировании":         acts.AnnulmentWithdrawn,
		"Документ аннулирован":                      "",
		"Утверждение":                               "",
		"Уведомление об уточнении":                  "",
		"Отзыв документа":                           "",
		"Получение отказа в аннулировании":          acts.AnnulmentDeclined,
		"Запрос на аннулирование от нас, отправлен": acts.AnnulmentProposedByUs,
	} {
		got := annulmentEvents([]sbis.Event{{ID: "e1", Name: name, Comment: " почему ", Performer: sbis.Person{Surname: "Петров", Name: "Пётр"}}})
		switch {
		case want == "" && len(got) != 0:
			t.Errorf("«%s»: %+v, want no event of an annulment", name, got)
		case want != "" && (len(got) != 1 || got[0].Kind != want || got[0].Event != "e1" || got[0].Comment != "почему" || got[0].Person != "Петров Пётр"):
			t.Errorf("«%s»: %+v, want event e1 of the kind %s by Петров Пётр with its comment", name, got, want)
		}
	}
}

func TestAnnulmentOffers(t *testing.T) {
	type stages = []sbis.Stage
	annulmentStage := func(actions ...sbis.Action) stages {
		return stages{{ID: "s1", Name: "Аннулирование", Actions: actions}}
	}
	action := func(name string) sbis.Action { return sbis.Action{Name: name, NeedsComment: true} }
	ourProposal, theirProposal := []sbis.Event{{ID: "1", Name: "Отправка соглашения об аннулировании"}}, []sbis.Event{{ID: "1", Name: "Получение соглашения об аннулировании"}}
	for name, tt := range map[string]struct {
		stages stages
		events []sbis.Event
		want   map[acts.AnnulmentStep]string // action by step
	}{
		"nothing is offered": {nil, nil, nil},
		"another stage":      {stages{{Name: "Утверждение", Actions: []sbis.Action{action("Утвердить"), action("Отклонить")}}}, nil, nil},
		"a service stage":    {stages{{Name: "Аннулирование", Service: true, Actions: []sbis.Action{action("Обработать служебное")}}}, nil, nil},
		"a request": {annulmentStage(action("Аннулировать")), nil,
			map[acts.AnnulmentStep]string{acts.StepRecall: "Аннулировать", acts.StepPropose: "Аннулировать"}},
		"a request and a recall": {stages{{Name: "Отправка", Actions: []sbis.Action{action("Отозвать")}}, {Name: "Аннулирование", Actions: []sbis.Action{action("Аннулировать")}}}, nil,
			map[acts.AnnulmentStep]string{acts.StepRecall: "Отозвать", acts.StepPropose: "Аннулировать"}},
		"answers with other words": {annulmentStage(action("Утвердить аннулирование"), action("Отклонить аннулирование")), theirProposal,
			map[acts.AnnulmentStep]string{acts.StepAgree: "Утвердить аннулирование", acts.StepDecline: "Отклонить аннулирование"}},
		"the same action agrees": {annulmentStage(action("Аннулировать"), action("Отклонить")), theirProposal,
			map[acts.AnnulmentStep]string{acts.StepAgree: "Аннулировать", acts.StepDecline: "Отклонить"}},
		"a decline shows whose proposal it is": {annulmentStage(action("Аннулировать"), action("Отклонить")), nil,
			map[acts.AnnulmentStep]string{acts.StepAgree: "Аннулировать", acts.StepDecline: "Отклонить"}},
		"an agreement alone":                  {annulmentStage(action("Аннулировать")), theirProposal, map[acts.AnnulmentStep]string{acts.StepAgree: "Аннулировать"}},
		"our proposal offers nothing":         {annulmentStage(action("Аннулировать")), ourProposal, nil},
		"our proposal can be withdrawn":       {annulmentStage(action("Отозвать запрос")), ourProposal, map[acts.AnnulmentStep]string{acts.StepWithdraw: "Отозвать запрос"}},
		"a declined proposal can be repeated": {annulmentStage(action("Аннулировать")), append(ourProposal, sbis.Event{ID: "2", Name: "Отказ в аннулировании"}), map[acts.AnnulmentStep]string{acts.StepRecall: "Аннулировать", acts.StepPropose: "Аннулировать"}},
	} {
		got := offersOf(sbis.Document{Stages: tt.stages, Events: tt.events})
		if len(got) != len(tt.want) {
			t.Errorf("%s: offers %+v, want %v", name, got, tt.want)
		}
		for step, action := range tt.want {
			if o := got[step]; o.Step.Action != action || !o.Comments || o.Signs {
				t.Errorf("%s: the offer of %s is %+v, want «%s» with a comment and without a signature", name, step, o, action)
			}
		}
	}
}

// The comment of a proposal is not the reason of the document's state.
func TestCommentOfAProposalIsNotTheReason(t *testing.T) {
	d := sbis.Document{State: sbis.State{Code: sbis.StateCompleted, Name: "Выполнение завершено успешно"}, Events: []sbis.Event{
		{ID: "1", Name: "Утверждение", Comment: "Принято", Performer: sbis.Person{Surname: "Петров"}},
		{ID: "2", Name: "Получение соглашения об аннулировании", Comment: "Ошибка", Performer: sbis.Person{Surname: "Сидоров"}}}}
	if r := reportOf(d); r.Comment != "Принято" || r.Person != "Петров" || len(r.Annulment) != 1 {
		t.Errorf("comment %q by %q with %d events of an annulment; want «Принято» by Петров and one", r.Comment, r.Person, len(r.Annulment))
	}
}
