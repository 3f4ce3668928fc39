package main

import (
	"bytes"
	"encoding/binary"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestKindOf(t *testing.T) {
	for name, tt := range map[string]struct{ sql, kind string }{
		"a simple update":           {"\n\tUPDATE acts SET status = $1 WHERE id = $2", "UPDATE acts status"},
		"an update without spaces":  {"UPDATE acts SET status=$1", "UPDATE acts status"},
		"an insert":                 {"INSERT INTO tasks (portal_id, kind) VALUES ($1, $2) ON CONFLICT DO NOTHING", "INSERT tasks"},
		"an insert out of a select": {"INSERT INTO edo_documents (id) SELECT $1 FROM edo_documents", "INSERT edo_documents"},
		"a delete":                  {"DELETE FROM tasks WHERE id = $1", "DELETE tasks"},
		"a lease": {"WITH due AS (SELECT id FROM tasks FOR UPDATE SKIP LOCKED) UPDATE tasks t SET lease_until = $1 FROM due",
			"UPDATE tasks lease_until"},
		"a select":               {"SELECT a.id, (SELECT count(*) FROM act_lines) FROM acts a JOIN deals d ON true", "SELECT acts"},
		"a function":             {"SELECT set_config('acts.portal', $1, true)", "SELECT set_config"},
		"quoted words":           {"SELECT 'it is FROM nothing' FROM visits", "SELECT visits"},
		"a setting":              {"SET acts.portal = '17'", "SET acts.portal"},
		"a commit":               {"COMMIT", "COMMIT"},
		"the driver's heartbeat": {";", "ping"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := kindOf(tt.sql); got != tt.kind {
				t.Errorf("kindOf = %q, want %q", got, tt.kind)
			}
		})
	}
}

func TestChanges(t *testing.T) {
	for kind, want := range map[string]bool{
		"UPDATE tasks lease_until": true, "COMMIT of INSERT acts": true, "crm.item.add": true, "СБИС.ЗаписатьДокумент": true, "oauth.token": true,
		"crm.activity.add": true, "crm.activity.delete": true, "tasks.task.complete": true, "tasks.task.list": false,
		"SELECT acts": false, "BEGIN": false, "crm.item.list": false, "СБИС.СписокИзменений": false, "profile": false,
	} {
		if got := changes(kind); got != want {
			t.Errorf("changes(%q) = %v", kind, got)
		}
	}
}

// newMessage returns a message of the program in the wire format.
func newMessage(kind byte, parts ...string) message {
	body := []byte(strings.Join(parts, "\x00") + "\x00")
	raw := binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(body)+4))
	return message{kind, append(raw, body...)}
}

// A transaction as the driver sends it: the executed statements, and what each ReadyForQuery completes.
func TestStatementsAreFollowed(t *testing.T) {
	s := statements{kinds: map[string]string{}}
	var ran, done []string
	for _, m := range []message{
		newMessage('Q', "BEGIN"),
		newMessage('P', "", "UPDATE acts SET status = $1"), newMessage('D', "S"), newMessage('S'),
		newMessage('B', "", ""), newMessage('E', ""), newMessage('S'),
		newMessage('P', "one", "INSERT INTO tasks (kind) VALUES ($1)"), newMessage('B', "", "one"), newMessage('E', ""), newMessage('S'),
		newMessage('Q', "COMMIT"),
		newMessage('Q', "COMMIT"),
	} {
		run, answered, awaits := s.handle(m)
		if run != "" {
			ran = append(ran, run)
		}
		if awaits {
			done = append(done, answered)
		}
	}
	if want := []string{"BEGIN", "UPDATE acts status", "INSERT tasks", "COMMIT of UPDATE acts status", "COMMIT"}; !slices.Equal(ran, want) {
		t.Errorf("ran %q, want %q", ran, want)
	}
	if want := []string{"BEGIN", "", "UPDATE acts status", "INSERT tasks", "COMMIT of UPDATE acts status", "COMMIT"}; !slices.Equal(done, want) {
		t.Errorf("answered %q, want %q", done, want)
	}
}

func TestCallOf(t *testing.T) {
	for name, tt := range map[string]struct {
		method, address, body string
		want                  call
	}{
		"a method":    {"POST", "http://portal-0.crashtest/rest/app.info.json", `{}`, call{"portal", []string{"app.info"}}},
		"a renewal":   {"POST", "http://portal-0.crashtest/oauth/token/", ``, call{"portal", []string{"oauth.token"}}},
		"a batch":     {"POST", "http://portal-0.crashtest/rest/batch.json", `{"cmd":{"b":"profile","a":"crm.item.get?id=1","c":"crm.item.get?id=2"}}`, call{"portal", []string{"crm.item.get", "profile"}}},
		"SBIS":        {"POST", "http://sbis.crashtest/service/?srv=1", `{"method":"СБИС.ЗаписатьДокумент"}`, call{"sbis", []string{"СБИС.ЗаписатьДокумент"}}},
		"a login":     {"POST", "http://sbis.crashtest/oauth/service/", `{}`, call{"sbis", []string{"oauth/service"}}},
		"a file":      {"GET", "http://sbis.crashtest/disk/1", ``, call{"sbis", []string{"file"}}},
		"broken SBIS": {"POST", "http://sbis.crashtest/service/", `{`, call{"sbis", []string{"unreadable"}}},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := http.NewRequest(tt.method, tt.address, bytes.NewReader(nil))
			if err != nil {
				t.Fatal(err)
			}
			if got := callOf(r, []byte(tt.body)); got.wire != tt.want.wire || !slices.Equal(got.kinds, tt.want.kinds) {
				t.Errorf("callOf = %v, want %v", got, tt.want)
			}
		})
	}
}
