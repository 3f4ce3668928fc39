package bitrix24test

import (
	"testing"
)

// A new stage stands before the final ones; a second final stage of success, a code in use and a code that is too long are refused.
func TestStageAdd(t *testing.T) {
	p := Start(t, unlimited)
	add := func(code, sort, semantics string) Fields {
		return Fields{"fields": Fields{"ENTITY_ID": "DEAL_STAGE", "STATUS_ID": code, "NAME": code, "SORT": sort, "SEMANTICS": semantics}}
	}
	p.mustCall(t, 1, "crm.status.add", add("APPROVED", "45", ""))
	p.refusedCall(t, 1, "crm.status.add", add("LATE", "65", ""))
	p.refusedCall(t, 1, "crm.status.add", add("WON2", "61", "S"))
	if r := p.refusedCall(t, 1, "crm.status.add", add("APPROVED", "46", "")); r.Error() != "ERROR_CORE" {
		t.Errorf("a code in use: %v, want ERROR_CORE", r.Body)
	}
	p.refusedCall(t, 1, "crm.status.add", add("A_CODE_OF_MORE_THAN_22_CHARS", "46", ""))
}
