package sbistest_test

import (
	"strings"
	"testing"
	"time"

	"acts24/integrations/fakehttp"
	"acts24/integrations/sbis"
	"acts24/integrations/sbis/sbistest"
)

// A key on the server waits for its code, which is sent at most every ten seconds (docs/contracts/sbis.md, "Certificates").
func TestActivation(t *testing.T) {
	clock := fakehttp.NewClock(time.Date(2026, 11, 2, 7, 5, 0, 0, time.UTC))
	service := newTestService(t, func(c *sbistest.Config) { c.Machine = clock.Now })
	client := service.addSigner(func(a *sbistest.Account) { a.Certificates[0].Activated = false })
	if err := client.ActivateCertificate(t.Context(), employeeKey, "000000"); !sbis.IsRefused(err) {
		t.Errorf("a code that was never sent: %v, want a refusal", err)
	}
	if err := client.ActivationCode(t.Context(), employeeKey); err != nil {
		t.Fatal(err)
	}
	code := service.Messages()[0].Code
	if err := client.ActivationCode(t.Context(), employeeKey); !sbis.IsRefused(err) {
		t.Errorf("a second code at once: %v, want a refusal", err)
	}
	clock.Advance(11 * time.Second)
	if err := client.ActivationCode(t.Context(), employeeKey); err != nil {
		t.Fatal(err)
	}
	if fresh := service.Messages()[0].Code; fresh != code { // random codes may be equal
		if err := client.ActivateCertificate(t.Context(), employeeKey, code); !sbis.IsRefused(err) {
			t.Errorf("the first code after the second: %v, want a refusal", err)
		}
	}
	if err := client.ActivateCertificate(t.Context(), employeeKey, service.Messages()[0].Code); err != nil {
		t.Fatal(err)
	}
	list, err := client.ListCertificates(t.Context(), "")
	if err != nil || len(list) != 1 || !list[0].Key.Activated || len(service.Messages()) != 0 {
		t.Errorf("the certificates are %+v, %v, with %d messages; want one with an active key and no message", list, err, len(service.Messages()))
	}
	if err := client.ActivationCode(t.Context(), employeeKey); !sbis.IsRefused(err) {
		t.Errorf("a code for an active certificate: %v, want a refusal", err)
	}
}

// A key on the server signs for its own organisation, and for another with a power of attorney named at the file.
func TestWhoseKeySigns(t *testing.T) {
	for name, tt := range map[string]struct {
		inn, power string
		change     func(*sbis.Step)
		refused    string
	}{
		"the organisation's own":      {own.INN, "", nil, ""},
		"an employee's":               {"500100732259", "", nil, "не принадлежит организации"},
		"an employee's with a power":  {"500100732259", "dd52c3d2-405b-7fca-b0a3-0a2e5abb45f3", nil, ""},
		"with an attachment named":    {own.INN, "", func(s *sbis.Step) { s.Signed = []sbis.SignedAttachment{{ID: "x"}} }, "указывать не нужно"},
		"with an unknown type of key": {own.INN, "", func(s *sbis.Step) { s.KeyType = "Облачный" }, "Неизвестный тип ключа"},
	} {
		t.Run(name, func(t *testing.T) {
			service := newTestService(t)
			client := service.addSigner(func(a *sbistest.Account) { a.Certificates[0].INN = tt.inn })
			d := service.newDraft(customer)
			if tt.power != "" {
				d.Files[0].Power = &sbis.CertificateWithPower{Power: sbis.PowerOfAttorney{ID: tt.power}}
			}
			if _, err := client.WriteDocument(t.Context(), d); err != nil {
				t.Fatal(err)
			}
			step := sbis.Step{DocumentID: d.ID, Stage: sbis.StageSend, Action: sbis.ActionSend, Thumbprint: employeeKey}
			if tt.change != nil {
				tt.change(&step)
			}
			doc, err := client.ExecuteAction(t.Context(), step)
			switch {
			case tt.refused != "":
				if !sbis.IsRefused(err) || !strings.Contains(err.Error(), tt.refused) {
					t.Errorf("%v, want a refusal with «%s»", err, tt.refused)
				}
			case err != nil || !doc.State.IsSent():
				t.Errorf("%+v, %v; want the document sent", doc, err)
			}
			if _, err := client.ExecuteAction(t.Context(), step); tt.refused == "" && !sbis.IsStagePassed(err) {
				t.Errorf("the second execution: %v, want that the stage has passed", err)
			}
		})
	}
}
