package sbis

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// JSON types that differ from those of the documentation are read nevertheless.
func TestLenientDocument(t *testing.T) {
	for name, tt := range map[string]struct {
		json  string
		check func(Document) bool
	}{
		"numbers for strings":     {`{"Номер":15,"Сумма":65000.00,"Удален":true}`, func(d Document) bool { return d.Number == "15" && d.Sum == "65000.00" && d.Deleted }},
		"code as a number":        {`{"Состояние":{"Код":7}}`, func(d Document) bool { return d.State.Code == 7 }},
		"no state is no draft":    {`{}`, func(d Document) bool { return d.State.Code == StateNone && !d.State.IsEditable() && !d.State.IsSent() }},
		"state by name only":      {`{"Состояние":{"Название":"Отозван мной"}}`, func(d Document) bool { return d.State.Code == StateNone && d.State.Name == "Отозван мной" }},
		"state is null":           {`{"Состояние":null}`, func(d Document) bool { return d.State.Code == StateNone }},
		"code is not a number":    {`{"Состояние":{"Код":"x"}}`, func(d Document) bool { return d.State.Code == StateNone }},
		"one attachment, no list": {`{"Вложение":{"Идентификатор":"a","Файл":""}}`, func(d Document) bool { return len(d.Attachments) == 1 && d.Attachments[0].ID == "a" }},
		"list with null":          {`{"Вложение":[null,{"Идентификатор":"a"}]}`, func(d Document) bool { return len(d.Attachments) == 1 }},
		"null and empty lists":    {`{"Вложение":null,"Событие":"","Этап":{}}`, func(d Document) bool { return d.Attachments == nil && d.Events == nil && len(d.Stages) == 1 }},
		"party is a list":         {`{"Контрагент":[{"СвЮЛ":[{"ИНН":7802020205}]}]}`, func(d Document) bool { return d.Counterparty.INN() == "7802020205" }},
		"party is empty":          {`{"Контрагент":{"СвЮЛ":"","СвФЛ":null}}`, func(d Document) bool { return d.Counterparty.Legal == nil && d.Counterparty.INN() == "" }},
		"performer is a name":     {`{"Событие":[{"Исполнитель":"Иванов И. И."}]}`, func(d Document) bool { return d.Events[0].Performer.Surname == "Иванов И. И." }},
	} {
		t.Run(name, func(t *testing.T) {
			var d Document
			if err := decode(json.RawMessage(tt.json), &d); err != nil || !tt.check(d) {
				t.Errorf("%s is read as %+v, %v; want %s", tt.json, d, err, name)
			}
		})
	}
}

func TestIsSent(t *testing.T) {
	for code, want := range map[int]bool{
		StateNone: false, StateDraft: false, StateProcessing: false, StateWaitingSignature: false,
		StateInvited: true, StateSent: true, StateDelivered: true, StateError: true,
		StateCompleted: true, StateRejected: true, StateCancelled: true,
	} {
		if got := (State{Code: code}).IsSent(); got != want {
			t.Errorf("IsSent of state %d = %t, want %t", code, got, want)
		}
	}
}

// addAnswers adds answers to the corpus, also those of the recorded samples when ACTS_CONTRACTS names their folder.
func addAnswers(f *testing.F) {
	for _, s := range []string{
		`{"error":"Not authorized.","id":-1}`, `{"jsonrpc":"2.0","result":null,"id":0}`, `<html>`, `[]`, `{"result":[[]]}`,
		`{"jsonrpc":"2.0","error":{"code":"x","data":{"addinfo":[1]}}}`, `{"result":{"Документ":{"Событие":{"Идентификатор":1}}}}`,
	} {
		f.Add([]byte(s))
	}
	dir := os.Getenv("ACTS_CONTRACTS")
	names, _ := filepath.Glob(filepath.Join(dir, "sbis", "*", "*.json"))
	for _, name := range names {
		if raw, err := os.ReadFile(name); err == nil {
			var s sample
			if json.Unmarshal(raw, &s) == nil {
				f.Add(s.body())
			}
		}
	}
}

// FuzzAnswer reads any bytes as an answer: a failure has a message of limited length, and 401 never succeeds.
func FuzzAnswer(f *testing.F) {
	addAnswers(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, status := range []int{200, 401, 500} {
			var p Page
			err := readAnswer("СБИС.СписокИзменений", status, body, &p)
			if err != nil && len(err.Error()) > 8192 {
				t.Errorf("an error of %d bytes, want at most 8192", len(err.Error()))
			}
			if status == 401 && err == nil {
				t.Error("an answer with status 401 is read without an error")
			}
		}
	})
}

// FuzzDocument reads any bytes as a document: what can be read never moves the cursor of a feed to its beginning.
func FuzzDocument(f *testing.F) {
	addAnswers(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		var d Document
		if decode(json.RawMessage(body), &d) != nil {
			return
		}
		_, _ = d.BuyerTitle()
		_ = d.State.IsSent()
		feed, _ := NewFeed(Cursor{At: d.CreatedAt + "x"})
		if cur, _, _ := feed.Accept(&Page{Documents: []Document{d, d}, Paging: Paging{More: true}}); cur == (Cursor{}) {
			t.Error("the feed returns an empty cursor after a page with documents")
		}
	})
}
