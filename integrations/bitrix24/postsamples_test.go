package bitrix24

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
)

func TestTokenAnswersOfSamples(t *testing.T) {
	for name, isExpected := range map[string]func(TokenPair, error) bool{
		"refresh-ok": func(p TokenPair, err error) bool {
			return err == nil && p.UserID == 67 && p.Access != "" && p.Refresh != ""
		},
		"error-invalid-grant":    func(_ TokenPair, err error) bool { return IsInvalidGrant(err) && NotExecuted(err) },
		"error-payment-required": func(_ TokenPair, err error) bool { return isPaymentRequired(err) && NotExecuted(err) },
	} {
		s := readSample(t, filepath.Join(contracts(t), "oauth.token", name+".json"))
		_, server := authServer(t, respond(max(s.Status, http.StatusOK), string(s.Response)))
		if pair, err := server.Renew(context.Background(), "r1"); !isExpected(pair, err) {
			t.Errorf("%s: Renew = %v, %v", name, pair, err)
		}
	}
}

func TestBatchesOfSamples(t *testing.T) {
	s := readSample(t, filepath.Join(contracts(t), "batch", "ok-linked.json"))
	commands := []Command{
		Command{Method: "user.current"}.As("get_user"),
		Command{Method: "department.get"}.With(Ref("get_user", "UF_DEPARTMENT", "0"), "ID").As("get_department"),
	}
	p := newStubPortal(t, respond(200, string(s.Response)))
	res, err := p.client(t).Batch(context.Background(), commands, false)
	if err != nil {
		t.Fatal(err)
	}
	var user User
	var list List[Department]
	if err := errors.Join(res.Get("get_user", &user), res.Get("get_department", &list)); err != nil || user.ID != 1 || list[0].Name != "DEMO" || res.Total("get_department") != 1 {
		t.Errorf("user %+v, departments %+v, total %d, %v; want user 1 and the department DEMO", user, list, res.Total("get_department"), err)
	}
	var want struct{ Cmd map[string]any }
	if err := json.Unmarshal(s.Request, &want); err != nil {
		t.Fatal(err)
	}
	if got := p.received()[0].Body["cmd"].(map[string]any); got["get_department"] != want.Cmd["get_department"] || got["get_user"] != want.Cmd["get_user"] {
		t.Errorf("sent %v, want %v", got, want.Cmd)
	}
	s = readSample(t, filepath.Join(contracts(t), "batch", "error-halt-0.json"))
	res, err = newStubPortal(t, respond(200, string(s.Response))).client(t).Batch(context.Background(), commands, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"get_user", "get_department"} {
		if err := res.Err(key); !IsAccessDenied(err) {
			t.Errorf("error of %s is %v, want access denied", key, err)
		}
	}
}

func TestPlacementCallsOfSamples(t *testing.T) {
	wanted := func(name string, _ sample) bool { return strings.HasPrefix(name, "placement.post/") }
	eachSample(t, wanted, func(t *testing.T, _ string, s sample) {
		var post struct{ Query, Form map[string]string }
		if err := json.Unmarshal(s.Request, &post); err != nil {
			t.Fatal(err)
		}
		call, err := DecodePlacementCall(formOf(post.Query), formOf(post.Form))
		if err != nil || call.Placement != post.Form["PLACEMENT"] || call.MemberID != post.Form["member_id"] {
			t.Errorf("DecodePlacementCall = %s of %s, %v; want %s of %s", call, call.MemberID, err, post.Form["PLACEMENT"], post.Form["member_id"])
		}
	})
}

func TestEventsOfSamples(t *testing.T) {
	wanted := func(name string, _ sample) bool { return strings.HasPrefix(name, "event.ON") }
	eachSample(t, wanted, func(t *testing.T, _ string, s sample) {
		var post struct{ Form string }
		if err := json.Unmarshal(s.Request, &post); err != nil {
			t.Fatal(err)
		}
		form, err := url.ParseQuery(post.Form)
		if err != nil {
			t.Fatal(err)
		}
		e, err := DecodeEvent(form)
		if err != nil || "event."+e.Name != s.Method || e.Auth.ApplicationToken == "" {
			t.Errorf("DecodeEvent = %s, %v; want %s with an application token", e, err, s.Method)
		}
	})
}

func formOf(fields map[string]string) url.Values {
	form := url.Values{}
	for name, value := range fields {
		form.Set(name, value)
	}
	return form
}
