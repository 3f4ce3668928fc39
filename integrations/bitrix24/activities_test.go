package bitrix24

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"
)

// The sample is a call of a tutorial of the vendor; AddEmail also sets DISABLE_SENDING_MESSAGE_COPY.
func TestAddEmailEqualsTheSample(t *testing.T) {
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
		t.Fatalf("AddEmail = %v, %v; want 3165", id, err)
	}
	sent := p.received()[0].Body["fields"].(map[string]any)
	want.Fields["SETTINGS"].(map[string]any)["DISABLE_SENDING_MESSAGE_COPY"] = "Y"
	if fmt.Sprint(sent) != fmt.Sprint(want.Fields) {
		t.Errorf("sent %v\nwant %v", sent, want.Fields)
	}
}

func TestErrorsOfAddEmail(t *testing.T) {
	type kinds struct{ notSent, senderMissing, recipientMissing bool }
	kindsOf := func(err error) kinds {
		return kinds{IsEmailNotSent(err), IsSenderMissing(err), IsRecipientMissing(err)}
	}
	for name, want := range map[string]kinds{
		"error-email-from-not-found": {true, true, false}, "error-email-to-not-found": {true, false, true},
	} {
		s := readSample(t, filepath.Join(contracts(t), "crm.activity.add", name+".json"))
		_, err := newStubPortal(t, respond(s.Status, string(s.Response))).client(t).AddEmail(context.Background(), EmailDraft{})
		if got := kindsOf(err); got != want || NotExecuted(err) {
			t.Errorf("%s: error %v is %+v, not executed %v; want %+v, false", name, err, got, NotExecuted(err), want)
		}
	}
	for _, body := range []string{`{"error":"","error_description":"Не указан владелец дела."}`, `{"error":"ACCESS_DENIED"}`, `<html>Email send error</html>`} {
		_, err := newStubPortal(t, respond(400, body)).client(t).AddEmail(context.Background(), EmailDraft{})
		if got := kindsOf(err); err == nil || got != (kinds{}) {
			t.Errorf("answer %s: error %v is %+v, want none of them", body, err, got)
		}
	}
}

func TestActivitiesOfOrigin(t *testing.T) {
	s := readSample(t, filepath.Join(contracts(t), "crm.activity.list", "email-after-send.json"))
	p := newStubPortal(t, respond(200, string(s.Response)))
	list, err := p.client(t).Activities(context.Background(), OfOrigin("acts", "letter-7"))
	if err != nil || len(list) != 1 || list[0].ID != 3165 || list[0].OwnerTypeID != ContactType || !bool(list[0].Completed) {
		t.Errorf("Activities = %+v, %v; want the completed activity 3165 of a contact", list, err)
	}
	if got, want := fmt.Sprint(p.received()[0].Body["filter"]), "map[ORIGINATOR_ID:acts ORIGIN_ID:letter-7]"; got != want {
		t.Errorf("filter %s, want %s", got, want)
	}
}
