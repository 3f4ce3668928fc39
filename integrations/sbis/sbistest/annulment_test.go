package sbistest_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"acts24/integrations/sbis"
	"acts24/integrations/sbis/sbistest"
)

// sandbox sends JSON to the sandbox and returns the status and the body.
func (b *bench) sandbox(path, body string) (int, string) {
	b.Helper()
	resp, err := http.Post(b.URL()+"/_sandbox/"+path, "application/json", strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text)
}

// Sent documents offer no action until the switch is on; then the stage has the possible actions.
func TestAnnulmentActions(t *testing.T) {
	b := newBench(t)
	names := func(id string) string {
		t.Helper()
		var all []string
		for _, stage := range b.read(id).Stages {
			for _, a := range stage.Actions {
				all = append(all, stage.Name+"/"+a.Name)
				if a.NeedsComment == (a.Name == "Аннулировать" && b.view(id).Annulment == "counterparty") {
					t.Errorf("«%s» needs a comment: %t", a.Name, a.NeedsComment)
				}
			}
		}
		return strings.Join(all, ", ")
	}
	sent, signed, asked := b.put(customer), b.put(customer), b.put(customer)
	b.do(sent, sbistest.SignByUs)
	b.do(signed, sbistest.SignByUs, sbistest.SignByCounterparty)
	b.do(asked, sbistest.SignByUs, sbistest.SignByCounterparty)
	if status, body := b.sandbox("documents/"+asked+"/propose-annulment", `{"comment":"Ошибка в сумме"}`); status != http.StatusOK {
		t.Fatalf("propose-annulment: %d %s", status, body)
	}
	if v := b.view(asked); v.Annulment != "counterparty" {
		t.Errorf("proposed by %q", v.Annulment)
	}
	for _, id := range []string{sent, signed, asked} {
		if got := names(id); got != "" {
			t.Errorf("offered before the switch: %s", got)
		}
	}
	step := sbis.Step{DocumentID: sent, Stage: "Аннулирование", Action: "Аннулировать", Thumbprint: sbistest.DemoThumbprint, Comment: "Ошибка"}
	if _, err := b.client.ExecuteAction(t.Context(), step); !sbis.IsRefused(err) {
		t.Errorf("executed although it is not offered: %v", err)
	}
	for body, want := range map[string]int{`{"annulment":true}`: 400, `{`: 400, `{"annulmentActions":true}`: 200} {
		if status, text := b.sandbox("switches", body); status != want {
			t.Errorf("switches %s: %d %s", body, status, text)
		}
	}
	for id, want := range map[string]string{sent: "Аннулирование/Аннулировать", signed: "Аннулирование/Аннулировать",
		asked: "Аннулирование/Аннулировать, Аннулирование/Отклонить"} {
		if got := names(id); got != want {
			t.Errorf("offered %q, want %q", got, want)
		}
	}
	decline := sbis.Step{DocumentID: asked, Stage: "Аннулирование", Action: "Отклонить"}
	if _, err := b.client.ExecuteAction(t.Context(), decline); !sbis.IsRefused(err) {
		t.Errorf("declined without a comment: %v", err)
	}
	decline.Comment = "Работы приняты"
	if d, err := b.client.ExecuteAction(t.Context(), decline); err != nil || d.State.Code != sbis.StateCompleted || b.view(asked).Annulment != "" {
		t.Errorf("declined: %+v, %v", d, err)
	}
	if _, err := b.client.ExecuteAction(t.Context(), sbis.Step{DocumentID: signed, Stage: "Аннулирование", Action: "Аннулировать", Comment: "Ошибка"}); !sbis.IsRefused(err) {
		t.Errorf("annulled without a certificate: %v", err)
	}
	for _, address := range []string{"documents/" + sent + "/recall-by-us", "documents/" + signed + "/propose-annulment", "documents/" + signed + "/accept-annulment"} {
		if status, body := b.sandbox(address, ""); status != http.StatusOK {
			t.Errorf("%s: %d %s", address, status, body)
		}
	}
	if v := b.view(sent); v.StateName != "Отозван мной" {
		t.Errorf("recalled: «%s»", v.StateName)
	}
	if v := b.view(signed); v.StateName != "Аннулирован" {
		t.Errorf("annulled: «%s»", v.StateName)
	}
}

// A document that the counterparty has not approved is withdrawn as soon as either party proposes it.
func TestAnnulmentBeforeTheApproval(t *testing.T) {
	b := newBench(t)
	id := b.put(customer)
	b.do(id, sbistest.SignByUs)
	if err := b.Act(id, sbistest.MoveRequest{Move: sbistest.Annul, By: "counterparty", Comment: "Не заказывали"}); err != nil {
		t.Fatal(err)
	}
	d := b.read(id)
	if last := d.Events[len(d.Events)-1]; d.State.KnownCode() != sbis.StateCancelled || d.State.Name != "Удален контрагентом" || last.Name != "Получение соглашения об аннулировании" {
		t.Errorf("«%s» after «%s»", d.State.Name, last.Name)
	}
}

func (b *bench) view(id string) sbistest.DocumentView {
	b.Helper()
	v, ok := b.Document(id)
	if !ok {
		b.Fatalf("no document %s", id)
	}
	return v
}
