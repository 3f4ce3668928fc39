package acts

import "slices"

// StageRule says in words when a deal comes to one of our stages, or what happens when it does.
type StageRule struct {
	Stage Stage
	When  string // what has happened
	Then  string // what follows; "" when the deal moves to the stage
}

// StageRules are the rules of TargetStage and of the question, for the administrator who maps the stages.
func StageRules(doneByFormed bool) []StageRule {
	done := "Все позиции сделки в актах, и все акты подписаны или приняты"
	if doneByFormed {
		done = "Все сформированные акты подписаны или приняты"
	}
	return []StageRule{
		{Stage: StagePreparing, When: "Сделка стоит на этой стадии или дальше", Then: "без акта она видна в разделе «Сделки без актов»"},
		{Stage: StageApproved, When: "Сделка на этой стадии, и акт сформирован", Then: "контрагенту уходит вопрос о способе обмена"},
		{Stage: StageSent, When: "Хотя бы один акт направлен заявителю"},
		{Stage: StageRemarks, When: "Заявитель отказался подписать акт, или исправленный акт ещё не направлен"},
		{Stage: StageDone, When: done},
	}
}

// StageDoubt is something about a mapping that deserves a second look.
type StageDoubt struct {
	Stage Stage
	Text  string
}

// Doubts looks at a mapping beside the pipeline's stages in their order; final tells which of them end the deal.
func (p Pipeline) Doubts(order []string, final func(id string) bool) (doubts []StageDoubt) {
	doubt := func(s Stage, text string) { doubts = append(doubts, StageDoubt{s, text}) }
	for i, s := range MappedStages {
		for _, before := range MappedStages[:i] {
			a, b := p[before], p[s]
			switch {
			case a == "" || b == "":
			case a == b:
				doubt(s, "Эта же стадия выбрана для «"+before.Name()+"»: мы не отличим их друг от друга.")
			case before.Rank() < s.Rank() && slices.Index(order, b) < slices.Index(order, a):
				doubt(s, "В воронке эта стадия стоит раньше, чем «"+before.Name()+"»: сделка пойдёт назад.")
			}
		}
	}
	done, remarks := p[StageDone], p[StageRemarks]
	if done != "" && remarks != "" && done != remarks && final(done) && final(remarks) {
		doubt(StageRemarks, "Обе итоговые стадии закрывают сделку: после замечаний она закроется, и подпись исправленного акта закроет её ещё раз. Выберите для замечаний стадию в работе.")
	}
	return doubts
}
