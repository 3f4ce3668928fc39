package sbis

import "testing"

// A state is recognised by its name, else by its code (docs/contracts/sbis.md, "States and events").
func TestKnownStates(t *testing.T) {
	for name, tt := range map[string]struct {
		state    State
		known    int
		recalled bool
	}{
		"a draft":                                  {State{Code: 0, Name: "Документ редактируется"}, StateDraft, false},
		"uploaded, without a code":                 {State{Code: StateNone, Name: "Загружен на сервер"}, StateDraft, false},
		"being processed":                          {State{Code: 1, Name: "В обработке"}, StateProcessing, false},
		"an invitation under the code of sent":     {State{Code: 3, Name: "Отослано приглашение"}, StateInvited, false},
		"sent under a code of its own":             {State{Code: 5, Name: "Отправлен"}, StateSent, false},
		"delivered by another name":                {State{Code: 14, Name: "На утверждении"}, StateDelivered, false},
		"delivered with ё":                         {State{Code: StateNone, Name: "Доставлён"}, StateDelivered, false},
		"an error in other words":                  {State{Code: StateNone, Name: "Проблемы при доставке"}, StateError, false},
		"signed":                                   {State{Code: StateNone, Name: "Выполнение завершено успешно"}, StateCompleted, false},
		"refused":                                  {State{Code: StateNone, Name: "Выполнение завершено с проблемами"}, StateRejected, false},
		"annulled under the code of signed":        {State{Code: 7, Name: "Аннулирован контрагентом"}, StateCancelled, false},
		"an annulment that is only proposed":       {State{Code: 7, Name: "Аннулирование ожидает ответа"}, StateCompleted, false},
		"deleted":                                  {State{Code: 21, Name: "Удалён"}, StateCancelled, false},
		"waiting for our signer":                   {State{Code: 24, Name: "Ожидает подписания"}, StateWaitingSignature, false},
		"recalled, which has no code":              {State{Code: StateNone, Name: "Отозван мной"}, StateNone, true},
		"recalled under the code of sent":          {State{Code: 3, Name: "Отозван мной"}, StateNone, true},
		"an unknown name with a known code":        {State{Code: 4, Name: "Получен"}, StateDelivered, false},
		"an unknown name with an unknown code":     {State{Code: 77, Name: "Нечто"}, 77, false},
		"neither name nor code":                    {State{Code: StateNone}, StateNone, false},
		"a name that only contains another's word": {State{Code: 4, Name: "Не отправлен"}, StateDelivered, false},
	} {
		if got := tt.state.KnownCode(); got != tt.known || tt.state.IsRecalled() != tt.recalled {
			t.Errorf("%s: code %d, recalled %t; want %d, %t", name, got, tt.state.IsRecalled(), tt.known, tt.recalled)
		}
	}
}

// The sending stage is taken from the answer under any name; a person chooses among several.
func TestSendingStep(t *testing.T) {
	sign := func(name string) Action { return Action{Name: name, NeedsSignature: true} }
	reject := Action{Name: "Отклонить", NeedsSignature: true, NeedsComment: true}
	usual := Stage{ID: "u", Name: StageSend, Actions: []Action{sign(ActionSend)}}
	service := Stage{ID: "s", Name: "Обработка служебных", Service: true, Actions: []Action{sign("Обработать служебное")}}
	approval := Stage{ID: "a", Name: "Согласование", Actions: []Action{reject, sign("Согласовать и отправить")}}
	forward := Stage{ID: "f", Name: "Согласование", Actions: []Action{{Name: "На согласование"}}}
	for name, tt := range map[string]struct {
		stages []Stage
		want   Step
		ok     bool
	}{
		"the reply offers nothing":            {nil, Step{Stage: StageSend, Action: ActionSend}, true},
		"the usual stage":                     {[]Stage{usual}, Step{StageID: "u", Stage: StageSend, Action: ActionSend}, true},
		"the usual stage behind another":      {[]Stage{service, approval, usual}, Step{StageID: "u", Stage: StageSend, Action: ActionSend}, true},
		"an approval stage behind the others": {[]Stage{service, approval}, Step{StageID: "a", Stage: "Согласование", Action: "Согласовать и отправить"}, true},
		"two stages that sign":                {[]Stage{approval, {ID: "b", Name: "Второе согласование", Actions: []Action{sign("Подписать")}}}, Step{Stage: StageSend, Action: ActionSend}, false},
		"a stage that does not sign":          {[]Stage{forward}, Step{Stage: StageSend, Action: ActionSend}, false},
	} {
		got, ok := Document{ID: "d", Stages: tt.stages}.SendingStep()
		tt.want.DocumentID = "d"
		if ok != tt.ok || got.StageID != tt.want.StageID || got.Stage != tt.want.Stage || got.Action != tt.want.Action || got.DocumentID != "d" {
			t.Errorf("%s: step %+v, %t; want %+v, %t", name, got, ok, tt.want, tt.ok)
		}
	}
}
