package bitrix24test

import (
	"fmt"
	"sync"
	"testing"
)

func TestManyCallersAtOnce(t *testing.T) {
	p := Start(t, unlimited)
	var group sync.WaitGroup
	for worker := range 8 {
		token := p.Issue(2).Access
		group.Go(func() {
			for i := range 25 {
				title := fmt.Sprintf("%d-%d", worker, i)
				r, err := p.CallAs(token, "crm.item.add", Fields{"entityTypeId": Deal, "fields": Fields{"title": title}})
				if err != nil || r.item()["title"] != title {
					t.Errorf("%s: %v %v", title, r.Body, err)
				}
			}
		})
	}
	group.Wait()
	seen := map[string]bool{}
	for _, deal := range p.Items(Deal) {
		seen[text(deal["id"])] = true
	}
	if len(seen) != 200 || p.Trace().Count("crm.item.add") != 200 {
		t.Errorf("%d deals, %d calls in the journal", len(seen), p.Trace().Count("crm.item.add"))
	}
}
