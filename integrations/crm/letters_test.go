package crm

import (
	"errors"
	"io"
	"strings"
	"testing"

	"acts24/acts"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/workflow"
)

// newLetter adds a company and returns a letter of the manager to it about a deal.
func (portal *testPortal) newLetter(deal int64) workflow.Letter {
	company, _ := portal.addCompany("ООО «Ромашка»")
	return workflow.Letter{Key: "acts24-letter-7", Deal: acts.DealID(deal), Company: acts.CompanyID(company), User: acts.UserID(portal.Manager()),
		Address: "buh@romashka.example", Subject: "Акт № 5", Body: "<p>Акт во вложении</p>",
		Attachments: []workflow.Attachment{{Name: "Акт № 5.pdf", Size: 6, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("%PDF-1")), nil }}}}
}

// sendLetter sends a letter and returns the id of its activity; unclear follows an attempt with an unclear result.
func (portal *testPortal) sendLetter(letter workflow.Letter, unclear bool) (int64, error) {
	return sendLetter(portal.t.Context(), portal.client, letter, unclear, leaseHeld)
}

// A letter names the employee as its sender, so it needs no mailbox of the portal.
func TestLetter(t *testing.T) {
	portal := newTestPortal(t)
	portal.ConnectMail(false)
	deal := portal.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
	id, err := portal.sendLetter(portal.newLetter(deal), false)
	letters := portal.Letters()
	if err != nil || id == 0 || len(letters) != 1 {
		t.Fatalf("activity %d, %v, letters %+v; want an activity and one letter", id, err, letters)
	}
	sent := letters[0]
	if !strings.Contains(sent.From, "manager@portal.example") || strings.Join(sent.To, " ") != "buh@romashka.example" || sent.Subject != "Акт № 5" || len(sent.Files) != 1 {
		t.Fatalf("the letter is %+v, want «Акт № 5» from manager@portal.example to buh@romashka.example with one file", sent)
	}
	if file, found := portal.File(sent.Files[0].ID); !found || string(file.Data) != "%PDF-1" {
		t.Errorf("the attachment is %+v, want %%PDF-1", file)
	}
}

// Without a usable address of the employee the portal chooses the sender: its common mailbox.
func TestSenderOfALetter(t *testing.T) {
	const common = "crm@portal.example"
	for name, tt := range map[string]struct {
		change func(*bitrix24test.User)
		want   string
	}{
		"name and address":           {func(*bitrix24test.User) {}, "Михаил Менеджеров <manager@portal.example>"},
		"spaces around the address":  {func(u *bitrix24test.User) { u.Email = " a@b.example " }, "Михаил Менеджеров <a@b.example>"},
		"brackets in the name":       {func(u *bitrix24test.User) { u.LastName = "<b>М</b>" }, "Михаил b М /b <manager@portal.example>"},
		"no name":                    {func(u *bitrix24test.User) { u.Name, u.LastName = "", "" }, "<manager@portal.example>"},
		"no address":                 {func(u *bitrix24test.User) { u.Email = "" }, common},
		"no valid address":           {func(u *bitrix24test.User) { u.Email = "manager" }, common},
		"two addresses in one field": {func(u *bitrix24test.User) { u.Email = "a@b.example, c@d.example" }, common},
		"dismissed":                  {func(u *bitrix24test.User) { u.Active = false }, common},
	} {
		t.Run(name, func(t *testing.T) {
			portal := newTestPortal(t)
			portal.ConnectMail(true)
			portal.Configure(func(c *bitrix24test.Config) { c.Mailbox = common })
			letter := portal.newLetter(portal.AddItem(bitrix24test.Deal, fields{"title": "Сделка"}))
			portal.ChangeUser(portal.Manager(), tt.change)
			if _, err := portal.sendLetter(letter, false); err != nil {
				t.Fatal(err)
			}
			if from := portal.Letters()[0].From; from != tt.want {
				t.Errorf("from %q, want %q", from, tt.want)
			}
		})
	}
}

// The result of sending is lost: the letter is found by its key and not sent again.
func TestUnclearLetter(t *testing.T) {
	portal := newTestPortal(t)
	deal := portal.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
	letter := portal.newLetter(deal)
	portal.injectFault(bitrix24test.Fault{Kind: bitrix24test.FaultReset, Method: "crm.activity.add", Count: 1})
	if _, err := portal.sendLetter(letter, false); !errors.Is(err, workflow.ErrUnclear) {
		t.Fatalf("%v, want an unclear result", err)
	}
	if id, err := portal.sendLetter(letter, true); err != nil || id == 0 || len(portal.Letters()) != 1 {
		t.Errorf("the second attempt: activity %d, %v, %d letters; want an activity and one letter", id, err, len(portal.Letters()))
	}
	letter.Key = "acts24-letter-8"
	if id, err := portal.sendLetter(letter, true); err != nil || id == 0 || len(portal.Letters()) != 2 {
		t.Errorf("another letter: activity %d, %v, %d letters; want an activity and two letters", id, err, len(portal.Letters()))
	}
}

// A letter that the mail service does not send leaves no activity behind, and the message names what to set up.
func TestLetterThatIsNotSent(t *testing.T) {
	for name, tt := range map[string]struct {
		prepare func(portal *testPortal, letter *workflow.Letter)
		want    string
	}{
		"no mailbox and no address of the employee": {func(portal *testPortal, _ *workflow.Letter) {
			portal.ChangeUser(portal.Manager(), func(u *bitrix24test.User) { u.Email = "" })
		}, "не подключена почта"},
		"no valid address of the recipient": {func(_ *testPortal, letter *workflow.Letter) { letter.Address = "buh" }, "не принял адрес получателя"},
		"another reason": {func(portal *testPortal, _ *workflow.Letter) {
			portal.injectFault(bitrix24test.Fault{Kind: bitrix24test.FaultRefuse, Method: "crm.activity.add", Status: 400, Text: "Email send error. Quota exceeded."})
		}, "Quota exceeded"},
	} {
		t.Run(name, func(t *testing.T) {
			portal := newTestPortal(t)
			portal.ConnectMail(false)
			letter := portal.newLetter(portal.AddItem(bitrix24test.Deal, fields{"title": "Сделка"}))
			tt.prepare(portal, &letter)
			_, err := portal.sendLetter(letter, false)
			if !errors.Is(err, acts.Refused) || !strings.Contains(acts.Message(err), tt.want) || len(portal.Letters()) != 0 || len(portal.Activities()) != 0 {
				t.Errorf("%v, %d letters, %d activities; want Refused with %q, no letter and no activity", err, len(portal.Letters()), len(portal.Activities()), tt.want)
			}
		})
	}
}
