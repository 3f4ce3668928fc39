package sbistest_test

import (
	"net/http"
	"strings"
	"testing"

	"acts24/integrations/sbis"
	"acts24/integrations/sbis/sbistest"
)

// Sent documents offer no action until the switch is on; then the stage has the possible actions.
func TestAnnulmentActions(t *testing.T) {
	service := newTestService(t)
	offers := func(id string) string {
		t.Helper()
		var all []string
		for _, stage := range service.read(id).Stages {
			for _, a := range stage.Actions {
				all = append(all, stage.Name+"/"+a.Name)
				if a.NeedsComment == (a.Name == "Аннулировать" && service.documentView(id).Annulment == "counterparty") {
					t.Errorf("«%s» needs a comment: %t, want one for all but the agreement to a proposal", a.Name, a.NeedsComment)
				}
			}
		}
		return strings.Join(all, ", ")
	}
	sent, signed, proposed := service.putDraft(customer), service.putDraft(customer), service.putDraft(customer)
	service.makeMoves(sent, sbistest.MoveSignByUs)
	service.makeMoves(signed, sbistest.MoveSignByUs, sbistest.MoveSignByCounterparty)
	service.makeMoves(proposed, sbistest.MoveSignByUs, sbistest.MoveSignByCounterparty)
	if status, body := service.sandbox(http.MethodPost, "/_sandbox/documents/"+proposed+"/propose-annulment", `{"comment":"Ошибка в сумме"}`); status != http.StatusOK {
		t.Fatalf("propose-annulment: %d %s, want 200", status, body)
	}
	if v := service.documentView(proposed); v.Annulment != "counterparty" {
		t.Errorf("the annulment is proposed by %q, want counterparty", v.Annulment)
	}
	for _, id := range []string{sent, signed, proposed} {
		if got := offers(id); got != "" {
			t.Errorf("before the switch %q is offered, want nothing", got)
		}
	}
	step := sbis.Step{DocumentID: sent, Stage: "Аннулирование", Action: "Аннулировать", Thumbprint: sbistest.DemoThumbprint, Comment: "Ошибка"}
	if _, err := service.client.ExecuteAction(t.Context(), step); !sbis.IsRefused(err) {
		t.Errorf("the execution of an action that is not offered: %v, want a refusal", err)
	}
	for body, want := range map[string]int{`{"annulment":true}`: 400, `{`: 400, `{"annulmentActions":true}`: 200} {
		if status, text := service.sandbox(http.MethodPost, "/_sandbox/switches", body); status != want {
			t.Errorf("switches %s: %d %s, want %d", body, status, text, want)
		}
	}
	for id, want := range map[string]string{sent: "Аннулирование/Аннулировать", signed: "Аннулирование/Аннулировать",
		proposed: "Аннулирование/Аннулировать, Аннулирование/Отклонить"} {
		if got := offers(id); got != want {
			t.Errorf("after the switch %q is offered, want %q", got, want)
		}
	}
	decline := sbis.Step{DocumentID: proposed, Stage: "Аннулирование", Action: "Отклонить"}
	if _, err := service.client.ExecuteAction(t.Context(), decline); !sbis.IsRefused(err) {
		t.Errorf("a decline without a comment: %v, want a refusal", err)
	}
	decline.Comment = "Работы приняты"
	if d, err := service.client.ExecuteAction(t.Context(), decline); err != nil || d.State.Code != sbis.StateCompleted || service.documentView(proposed).Annulment != "" {
		t.Errorf("the decline: %+v, %v; want the state %d and no proposal", d, err, sbis.StateCompleted)
	}
	if _, err := service.client.ExecuteAction(t.Context(), sbis.Step{DocumentID: signed, Stage: "Аннулирование", Action: "Аннулировать", Comment: "Ошибка"}); !sbis.IsRefused(err) {
		t.Errorf("an annulment without a certificate: %v, want a refusal", err)
	}
	for _, address := range []string{"documents/" + sent + "/recall-by-us", "documents/" + signed + "/propose-annulment", "documents/" + signed + "/accept-annulment"} {
		if status, body := service.sandbox(http.MethodPost, "/_sandbox/"+address, ""); status != http.StatusOK {
			t.Errorf("%s: %d %s, want 200", address, status, body)
		}
	}
	if v := service.documentView(sent); v.StateName != "Отозван мной" {
		t.Errorf("the recalled document is «%s», want «Отозван мной»", v.StateName)
	}
	if v := service.documentView(signed); v.StateName != "Аннулирован" {
		t.Errorf("the annulled document is «%s», want «Аннулирован»", v.StateName)
	}
}

// A document that the counterparty has not approved is withdrawn as soon as the counterparty proposes an annulment.
func TestAnnulmentBeforeTheApproval(t *testing.T) {
	service := newTestService(t)
	id := service.putDraft(customer)
	service.makeMoves(id, sbistest.MoveSignByUs)
	if err := service.PerformMove(id, sbistest.MoveRequest{Move: sbistest.MoveAnnul, By: "counterparty", Comment: "Не заказывали"}); err != nil {
		t.Fatal(err)
	}
	d := service.read(id)
	if last := d.Events[len(d.Events)-1]; d.State.KnownCode() != sbis.StateCancelled || d.State.Name != "Удален контрагентом" || last.Name != "Получение соглашения об аннулировании" {
		t.Errorf("the document is «%s» after «%s»; want «Удален контрагентом» after «Получение соглашения об аннулировании»", d.State.Name, last.Name)
	}
}
