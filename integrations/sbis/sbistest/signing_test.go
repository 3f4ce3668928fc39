package sbistest_test

import (
	"strings"
	"testing"
	"time"

	"acts24/integrations/sbis"
	"acts24/integrations/sbis/sbistest"
)

const employeeKey = "1A1C0A6B3E5D47A2B8C4D1E0F2A3B4C5D6E7F801"

// withKey adds an account that has one certificate with a key on the server, and gives a client of it.
func (b *bench) withKey(change func(*sbistest.Certificate)) *sbis.Client {
	cert := sbistest.Certificate{Thumbprint: employeeKey, Owner: sbistest.Person{Surname: "Петров", Name: "Пётр"}, INN: own.INN, KeyType: "Серверный",
		From: b.clock.Now().AddDate(-1, 0, 0), Until: b.clock.Now().AddDate(1, 0, 0)}
	change(&cert)
	b.AddAccount(sbistest.Account{Login: "signer", Password: "signer-password", Own: []sbistest.Organization{own}, Certificates: []sbistest.Certificate{cert}})
	return b.as(sbis.Login{Login: "signer", Password: "signer-password"})
}

// A key on the server waits for its code, which is sent at most every ten seconds (docs/contracts/sbis.md, "Certificates").
func TestActivation(t *testing.T) {
	machine := time.Date(2026, 11, 2, 7, 5, 0, 0, time.UTC)
	b := newBench(t, func(c *sbistest.Config) { c.Machine = func() time.Time { return machine } })
	client := b.withKey(func(*sbistest.Certificate) {})
	if err := client.ActivateCertificate(t.Context(), employeeKey, "000000"); !sbis.IsRefused(err) {
		t.Errorf("a code that was never sent: %v", err)
	}
	if err := client.ActivationCode(t.Context(), employeeKey); err != nil {
		t.Fatal(err)
	}
	code := b.Messages()[0].Code
	if err := client.ActivationCode(t.Context(), employeeKey); !sbis.IsRefused(err) {
		t.Errorf("a second code at once: %v", err)
	}
	machine = machine.Add(11 * time.Second)
	if err := client.ActivationCode(t.Context(), employeeKey); err != nil {
		t.Fatal(err)
	}
	if fresh := b.Messages()[0].Code; fresh != code {
		if err := client.ActivateCertificate(t.Context(), employeeKey, code); !sbis.IsRefused(err) {
			t.Errorf("the first code after the second: %v", err)
		}
	}
	if err := client.ActivateCertificate(t.Context(), employeeKey, b.Messages()[0].Code); err != nil {
		t.Fatal(err)
	}
	list, err := client.ListCertificates(t.Context(), "")
	if err != nil || len(list) != 1 || !list[0].Key.Activated || len(b.Messages()) != 0 {
		t.Errorf("certificates %+v, %v", list, err)
	}
	if err := client.ActivationCode(t.Context(), employeeKey); !sbis.IsRefused(err) {
		t.Errorf("a code for an active certificate: %v", err)
	}
}

// A key on the server signs for its own organisation, and for another with a power of attorney named at the file.
func TestWhoseKeySigns(t *testing.T) {
	for name, tt := range map[string]struct {
		inn, power string
		change     func(*sbis.Step)
		refused    string
	}{
		"the organisation's own":       {own.INN, "", nil, ""},
		"an employee's":                {"500100732259", "", nil, "не принадлежит организации"},
		"an employee's with a power":   {"500100732259", "dd52c3d2-405b-7fca-b0a3-0a2e5abb45f3", nil, ""},
		"with an attachment named":     {own.INN, "", func(s *sbis.Step) { s.Signed = []sbis.SignedAttachment{{ID: "x"}} }, "указывать не нужно"},
		"with a key that nobody knows": {own.INN, "", func(s *sbis.Step) { s.KeyType = "Облачный" }, "Неизвестный тип ключа"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			client := b.withKey(func(c *sbistest.Certificate) { c.INN, c.Activated = tt.inn, true })
			d := b.draft(customer)
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
					t.Errorf("%v, want «%s»", err, tt.refused)
				}
			case err != nil || !doc.State.IsSent():
				t.Errorf("%+v, %v", doc, err)
			}
			if _, err := client.ExecuteAction(t.Context(), step); tt.refused == "" && !sbis.IsStagePassed(err) {
				t.Errorf("executed twice: %v", err)
			}
		})
	}
}
