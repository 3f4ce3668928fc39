//go:build e2e

package main

import (
	"fmt"
	"testing"
)

// What a manager's clicks cost the portal: one call to open the tab, none before the answer to a new act, one after it.
func TestCallsOfClicks(t *testing.T) {
	p := sandboxOf(t)
	page, deal := newTab(t), int64(10)
	calls := p.portal.Trace().Calls
	p.quiet(t)
	was := calls()
	f := p.dealTab(page, deal)
	p.quiet(t)
	if n := calls() - was; n != 1 {
		t.Errorf("opening the tab made %d calls, want 1", n)
	}
	was = calls()
	p.gate.forget()
	f.click("create-act")
	f.shows(draftWord, "Не передан")
	sent := p.gate.passages("POST", fmt.Sprintf("/deals/%d/acts", deal))
	if len(sent) != 1 || sent[0].Calls != 0 {
		t.Errorf("forming waited for the portal: %+v", sent)
	}
	p.quiet(t)
	if n := calls() - was; n > 1 {
		t.Errorf("a draft act made %d calls, want one at most", n)
	}
	p.sbis.Trace().Reset()
	within(t, "some polls", func() bool { return p.sbis.Trace().Count("СБИС.СписокИзменений") >= 4 })
	for _, l := range p.sbis.Trace().Lines() {
		if l.Method != "СБИС.СписокИзменений" {
			t.Errorf("polling also asked %s", l.Method)
		}
	}
}
