package settings

import (
	"strings"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/accounts"
	"acts24/store/queue"
)

func TestVerdict(t *testing.T) {
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	account, own := []accounts.Account{{ID: 3, Name: "Основной"}}, []store.OwnCompany{{AccountID: 3}}
	for name, tt := range map[string]struct {
		state  portalState
		tone   string
		reason string
	}{
		"nothing is wrong": {portalState{accounts: account}, "success", ""},
		"something is new in the queue": {portalState{health: queue.Health{Queue: []queue.Waiting{{Kind: "crm.item", Oldest: now.Add(-time.Minute)}}}},
			"success", ""},
		"something waits long": {portalState{health: queue.Health{Queue: []queue.Waiting{{Kind: "edo.put", Oldest: now.Add(-2 * time.Hour)}}}}, "attention", "«Передача акта в СБИС» ждёт 2\u00a0часа"},
		"a certificate ends this week": {portalState{today: now, certificates: []accounts.Certificate{{Certificate: acts.Certificate{Owner: "Иванов Иван", To: now.AddDate(0, 0, 5)}}}},
			"attention", "Сертификат «Иванов Иван»: до "},
		"a certificate ends next month": {portalState{today: now, certificates: []accounts.Certificate{{Certificate: acts.Certificate{To: now.AddDate(0, 0, 25)}}}}, "success", ""},
		"a power of attorney is over": {portalState{today: now, own: []store.OwnCompany{{AccountID: 1, Power: acts.PowerOfAttorney{ID: "1", Until: now.AddDate(0, 0, -1)}}}},
			"attention", "срок истёк"},
		"a task waits for a person":     {portalState{dead: []queue.Task{{}}}, "attention", "1\u00a0задача"},
		"changes could not be read":     {portalState{health: queue.Health{ReconcileProblem: "Битрикс24 сейчас не отвечает."}}, "attention", "не прочитаны: Битрикс24"},
		"the key is dead":               {portalState{health: queue.Health{TokenDead: true}}, "problem", "должен открыть приложение"},
		"the portal is dead":            {portalState{breakers: map[int64]queue.Breaker{0: {Opened: &now}}, incidents: []store.Incident{{Reason: "Портал не отвечает."}}}, "problem", "Портал не отвечает."},
		"the login is refused":          {portalState{own: own, accounts: []accounts.Account{{ID: 3, Name: "Основной", Problem: "Неверный пароль."}}}, "problem", "«Основной»: Неверный пароль."},
		"an account nobody uses":        {portalState{accounts: []accounts.Account{{ID: 3, Name: "Основной", Problem: "Неверный пароль."}}}, "attention", "Неверный пароль."},
		"SBIS does not answer":          {portalState{own: own, accounts: account, breakers: map[int64]queue.Breaker{3: {Opened: &now}}}, "problem", "«Основной»: нет связи"},
		"what is broken outweighs late": {portalState{dead: []queue.Task{{}}, health: queue.Health{TokenDead: true}}, "problem", "Ключ"},
	} {
		t.Run(name, func(t *testing.T) {
			tt.state.health.Now = now
			list := tt.state.troubles()
			if got := verdict(list); got.Tone != tt.tone || got.Text == "" {
				t.Errorf("verdict %+v, want %s", got, tt.tone)
			}
			if tt.reason != "" && (len(list) == 0 || !strings.Contains(list[0].text, tt.reason)) {
				t.Errorf("troubles %v, want %q", list, tt.reason)
			}
		})
	}
}

func TestWaitedFor(t *testing.T) {
	for d, want := range map[time.Duration]string{59 * time.Second: "меньше минуты", time.Minute: "1\u00a0минуту", 22 * time.Minute: "22\u00a0минуты",
		5 * time.Hour: "5\u00a0часов", 49 * time.Hour: "2\u00a0дня"} {
		if got := waitDuration(d); got != want {
			t.Errorf("%s reads %q, want %q", d, got, want)
		}
	}
}
