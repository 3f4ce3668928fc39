package bitrix24

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// addSampleAnswers seeds a fuzz test with the answers of the samples that match a pattern, when ACTS_CONTRACTS names their folder.
func addSampleAnswers(f *testing.F, pattern string) {
	files, err := filepath.Glob(filepath.Join(os.Getenv("ACTS_CONTRACTS"), "bitrix24", pattern))
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range files {
		if s := readSample(f, path); s.Response != nil {
			f.Add(s.Status, []byte(s.Response))
		}
	}
}

func FuzzAnswer(f *testing.F) {
	addSampleAnswers(f, "*/*.json")
	for _, body := range []string{`{"result":[]}`, `{"error":{"code":1}}`, `{"result":{"items":{"0":[]}}}`, `<html>`, `{"result":{"item":{"opportunity":1e99}}}`} {
		f.Add(200, []byte(body))
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		a, err := readAnswer("m", &reply{status: status, body: body})
		if err == nil && (a == nil || a.Result == nil) {
			t.Fatal("neither an answer nor an error")
		}
		if err != nil {
			if text := err.Error(); len(text) > 400 || strings.ContainsAny(text, "\n\x00") {
				t.Fatalf("message %q is too long or has control characters", text)
			}
			return
		}
		decodeIntoEveryType(a.Result)
	})
}

// decodeIntoEveryType decodes a result into every type of the client, which must not panic.
func decodeIntoEveryType(result json.RawMessage) {
	for _, out := range []any{
		new(ItemResult[Deal]), new(ItemsResult[Item]), new(ItemResult[Company]), new(ItemsResult[Contact]), new(ProductRowsResult),
		new(ItemFieldsResult), new(CategoriesResult), new(List[Status]), new(TypesResult), new(UserFieldsResult), new(List[Requisite]),
		new(List[BankDetail]), new(List[RequisiteLink]), new(List[Address]), new(List[Placement]), new(List[EventHandler]),
		new(TasksResult), new(TaskResult), new(List[User]), new(List[Department]), new(List[WorkGroup]), new(List[GroupUser]), new(Profile),
		new(AppInfo), new(DateTime), new(CalendarSettings), new(List[Comment]), new(List[Activity]), new(List[Preset]), new(TypeResult),
		new(UserFieldResult), new(List[Trigger]), new(StageMovesResult), new(BadgesResult), new(CardResult),
	} {
		if json.Unmarshal(result, out) == nil {
			_, _ = json.Marshal(out) // nor must encoding
		}
	}
}

func FuzzBatchAnswer(f *testing.F) {
	addSampleAnswers(f, "batch/*.json")
	f.Add(200, []byte(`{"result":{"result":{"deal":{"item":{"companyId":5}}},"result_error":{"company":"x"},"result_time":[]}}`))
	f.Add(200, []byte(`{"result":{"result":[1,2],"result_error":{"me":{"error":0}},"result_next":{"rows":"50"}}}`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		request, err := newBatchRequest(dealTabCommands())
		if err != nil {
			t.Fatal(err)
		}
		a, err := readAnswer("batch", &reply{status: status, body: body})
		if err != nil {
			return
		}
		if request.usage(a); request.fault != nil {
			return
		}
		res := &BatchResult{request: request, halt: status%2 == 0} // with both values of halt
		for _, cmd := range dealTabCommands() {
			var out json.RawMessage
			if res.Get(cmd.Key, &out) == nil && out == nil {
				t.Fatalf("command %s has neither a result nor an error", cmd.Key)
			}
		}
	})
}

func FuzzDecodePlacementCall(f *testing.F) {
	f.Add(placementQuery().Encode(), placementForm().Encode())
	f.Add("DOMAIN=a.ru", "AUTH_ID=a&member_id=b&PLACEMENT_OPTIONS=%7B%22ID%22%3A%5B%5D%7D")
	f.Add("", "member_id%5B%5D=x&AUTH_ID=a&DOMAIN=127.0.0.1:5432")
	f.Fuzz(func(t *testing.T, query, form string) {
		queryValues, _ := url.ParseQuery(query)
		formValues, _ := url.ParseQuery(form)
		call, err := DecodePlacementCall(queryValues, formValues)
		if err != nil {
			return
		}
		if call.MemberID == "" || call.AccessToken == "" || !ValidHost(call.Domain) || call.Options.ID < 0 {
			t.Fatalf("accepted the query %q and the form %q without a member, a token or a valid host, or with a negative id", query, form)
		}
		for _, value := range []string{call.MemberID, call.AccessToken, call.ApplicationToken, call.RefreshToken, call.Placement, call.SID, call.Lang} {
			if !hasTokenShape(value) {
				t.Fatalf("accepted the value %q, which has the shape of no token", value)
			}
		}
	})
}

func FuzzDecodeEvent(f *testing.F) {
	f.Add(eventForm().Encode())
	f.Add("event=ONAPPUNINSTALL&data[CLEAN]=1&auth[member_id]=m&auth[application_token]=t")
	f.Add("event=ONCRMDEALADD&data[FIELDS][ID]=1&data[FIELDS]=2&auth[member_id]=m")
	f.Fuzz(func(t *testing.T, body string) {
		form, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		e, err := DecodeEvent(form)
		if err != nil {
			return
		}
		if e.Name == "" || e.Auth.MemberID == "" || !hasWordShape(e.Name) || !hasWordShape(e.Auth.MemberID) {
			t.Fatalf("accepted %q as the event %q of member %q", body, e.Name, e.Auth.MemberID)
		}
		if entityType, id, isObject := e.Object(); isObject && (entityType <= 0 || id <= 0) {
			t.Fatalf("%q is about object %d of type %d, want positive numbers", body, id, entityType)
		}
		if id, isTask := e.Task(); isTask && id < 0 {
			t.Fatalf("%q is about task %d, want no negative id", body, id)
		}
	})
}
