//go:build e2e

package main

import (
	"testing"

	"github.com/chromedp/chromedp"

	"acts24/integrations/sbis/sbistest"
)

// The fake SBIS in a browser: pages update themselves, buttons work, a comment being typed is kept.
func TestSBISPagesInBrowser(t *testing.T) {
	c := newSBISFixture(t)
	tab := newBrowser(t)
	do := func(steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(tab, steps...); err != nil {
			t.Fatal(err)
		}
	}
	testid := func(id string) string { return `[data-testid="` + id + `"]` }

	do(chromedp.Navigate(c.server.URL()+"/"), chromedp.WaitVisible(testid("sbis-empty")))
	id := c.put(sampleBuyer)
	do(chromedp.WaitVisible(testid("sbis-doc-"+id)), // appeared without a reload
		chromedp.Click(testid("sbis-doc-"+id)+" a"),
		chromedp.WaitVisible(testid("sbis-sign-by-us")),
		chromedp.Click(testid("sbis-sign-by-us")),
		chromedp.WaitVisible(testid("sbis-reject")),
		chromedp.SendKeys(testid("sbis-comment-counterparty"), "Не та сумма"),
		chromedp.Click(testid("sbis-reject")),
		chromedp.WaitVisible(testid("sbis-comment")))
	if doc, _ := c.server.Document(id); doc.State != 9 || doc.Comment != "Не та сумма" {
		t.Errorf("state %d, comment %q", doc.State, doc.Comment)
	}
	if err := c.server.Act(id, sbistest.Do{Move: sbistest.Annul, By: "counterparty"}); err != nil {
		t.Fatal(err)
	}
	do(chromedp.WaitVisible(testid("sbis-agree-annulment"))) // appeared without a reload
}
