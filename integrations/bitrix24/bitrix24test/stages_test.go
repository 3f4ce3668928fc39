package bitrix24test

import "testing"

// A new stage stands before the final ones and has a code of its own of at most 22 characters; a category has one stage of success.
func TestStageAdd(t *testing.T) {
	p := Start(t, unlimited)
	stage := func(code, sort, semantics string) Fields {
		return Fields{"fields": Fields{"ENTITY_ID": "DEAL_STAGE", "STATUS_ID": code, "NAME": code, "SORT": sort, "SEMANTICS": semantics}}
	}
	p.mustCall(t, 1, "crm.status.add", stage("APPROVED", "45", ""))
	p.refusedWith(t, 1, "crm.status.add", stage("LATE", "65", ""), "", "Неверная сортировка стадии.")
	p.refusedWith(t, 1, "crm.status.add", stage("WON2", "61", "S"), "", "В воронке может быть только одна успешная стадия.")
	p.refusedWith(t, 1, "crm.status.add", stage("APPROVED", "46", ""), "ERROR_CORE", "Указанный идентификатор статуса, уже существует.")
	p.refusedWith(t, 1, "crm.status.add", stage("A_CODE_OF_MORE_THAN_22_CHARS", "46", ""), "", "Указан неверный идентификатор статуса.")
}
