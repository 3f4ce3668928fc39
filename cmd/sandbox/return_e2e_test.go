//go:build e2e

package main

import (
	"fmt"
	"testing"

	"acts24/integrations/sbis/sbistest"
)

// Our signer refuses, the document is deleted in the cabinet, the delivery fails: the tab tells why by itself,
// and its button hands the act over again with a new document.
func TestComesBackInTheBrowser(t *testing.T) {
	p := sandboxOf(t)
	for _, tt := range []struct {
		name     string
		deal     int64
		moves    []sbistest.Move
		delivery string
		reason   string
	}{
		{"our signer refuses", 6, []sbistest.Move{sbistest.RefuseByUs}, "Не передан", "Подписант отказался подписывать"},
		{"it is deleted in the cabinet", 15, []sbistest.Move{sbistest.Delete}, "Не передан", "Документ удалён в СБИС"},
		{"the delivery fails", 16, []sbistest.Move{sbistest.SignByUs, sbistest.DeliveryError}, "Ошибка отправки", "роуминга"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := p.dealTab(newTab(t), tt.deal)
			f.click("create-and-send-act")
			before := len(p.documents(t, tt.deal))
			document := p.arrived(t, tt.deal, max(before, 1))
			f.shows(draftWord, waitingWord)
			for _, move := range tt.moves {
				p.move(t, document, move)
			}
			f.shows(draftWord, tt.delivery)
			f.await("the reason", fmt.Sprintf(`document.querySelector("#acts").textContent.includes(%q)`, tt.reason))
			f.click("send-act")
			f.await("the act waits again", fmt.Sprintf(`document.body.textContent.includes(%q)`, waitingWord))
			within(t, "a new document", func() bool {
				all := p.documents(t, tt.deal)
				return all[len(all)-1].ID != document
			})
		})
	}
}
