package bitrix24

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"
)

func TestAddEmailIsTheRealLetterOfTheTutorial(t *testing.T) {
	s := readSample(t, filepath.Join(contracts(t), "crm.activity.add", "email-sent.json"))
	var want struct{ Fields map[string]any }
	if err := json.Unmarshal(s.Request, &want); err != nil {
		t.Fatal(err)
	}
	p := newStubPortal(t, respond(200, string(s.Response)))
	id, err := p.client(t).AddEmail(context.Background(), EmailDraft{
		OwnerType: ContactType, OwnerID: 1, From: "Имя Фамилия <user@example.ru>", Subject: "subject email now",
		HTML: "body email now", ResponsibleID: 61, To: []Recipient{{"vronsky@example.ru", ContactType, 1}},
	})
	if err != nil || id != 3165 {
		t.Fatalf("AddEmail = %v, %v", id, err)
	}
	sent := p.received()[0].Body["fields"].(map[string]any)
	want.Fields["SETTINGS"].(map[string]any)["DISABLE_SENDING_MESSAGE_COPY"] = "Y"
	if fmt.Sprint(sent) != fmt.Sprint(want.Fields) {
		t.Errorf("sent %v\nwant %v", sent, want.Fields)
	}
}

func TestEmailsThatDidNotGo(t *testing.T) {
	for name, want := range map[string][3]bool{
		"error-email-from-not-found": {true, true, false}, "error-email-to-not-found": {true, false, true},
	} {
		s := readSample(t, filepath.Join(contracts(t), "crm.activity.add", name+".json"))
		_, err := newStubPortal(t, respond(s.Status, string(s.Response))).client(t).AddEmail(context.Background(), EmailDraft{})
		if got := [3]bool{IsEmailNotSent(err), IsSenderMissing(err), IsRecipientMissing(err)}; got != want || NotExecuted(err) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	for _, body := range []string{`{"error":"","error_description":"Не указан владелец дела."}`, `{"error":"ACCESS_DENIED"}`, `<html>Email send error</html>`} {
		_, err := newStubPortal(t, respond(400, body)).client(t).AddEmail(context.Background(), EmailDraft{})
		if IsEmailNotSent(err) || IsSenderMissing(err) {
			t.Errorf("%s is taken for a letter that did not go", body)
		}
	}
}

func TestActivitiesAreFoundByOurKey(t *testing.T) {
	s := readSample(t, filepath.Join(contracts(t), "crm.activity.list", "email-after-send.json"))
	p := newStubPortal(t, respond(200, string(s.Response)))
	list, err := p.client(t).Activities(context.Background(), OfOrigin("acts", "letter-7"))
	if err != nil || len(list) != 1 || list[0].ID != 3165 || list[0].OwnerTypeID != ContactType || !bool(list[0].Completed) {
		t.Errorf("%+v, %v", list, err)
	}
	if got := fmt.Sprint(p.received()[0].Body["filter"]); got != "map[ORIGINATOR_ID:acts ORIGIN_ID:letter-7]" {
		t.Errorf("asked %s", got)
	}
}
