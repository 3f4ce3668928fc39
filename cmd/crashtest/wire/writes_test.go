package wire

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestWritingCommands(t *testing.T) {
	for name, tt := range map[string]struct {
		address, body string
		want          []string
	}{
		"a batch":      {"http://portal-0.crashtest/rest/batch.json", `{"auth":"t","cmd":{"a":"crm.item.get?id=1","b":"crm.item.update?id=1","c":"crm.item.update?id=2"}}`, []string{"crm.item.update", "crm.item.update"}},
		"a method":     {"http://portal-0.crashtest/rest/im.notify.system.add.json", `{"auth":"t","USER_ID":1}`, []string{"im.notify.system.add"}},
		"only reading": {"http://portal-0.crashtest/rest/batch.json", `{"cmd":{"a":"crm.address.list?id=1"}}`, nil},
		"SBIS":         {"http://sbis.crashtest/service/", `{"method":"СБИС.ЗаписатьДокумент","id":7}`, []string{"СБИС.ЗаписатьДокумент"}},
		"a login":      {"http://sbis.crashtest/oauth/service/", `{}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := http.NewRequest(http.MethodPost, tt.address, strings.NewReader(""))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range writingCommands(r, []byte(tt.body)) {
				got = append(got, c.method)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("writingCommands = %q, want %q", got, tt.want)
			}
		})
	}
}

// idleReplica is a replica to which nothing happens.
type idleReplica struct{ name string }

func (*idleReplica) Kill()               {}
func (*idleReplica) Pause(time.Duration) {}

func TestRepeatsAreCounted(t *testing.T) {
	w, v := newWrites(), &idleReplica{name: "one"}
	send := func(host, token, body string, lost bool) {
		r, err := http.NewRequest(http.MethodPost, "http://"+host+"/rest/crm.item.update.json", strings.NewReader(""))
		if err != nil {
			t.Fatal(err)
		}
		commands := writingCommands(r, []byte(`{"auth":"`+token+`",`+body+`}`))
		w.end(w.begin(v, host, commands), lost)
	}
	send("portal-0", "old", `"id":1`, true)
	send("portal-0", "new", `"id":1`, false) // the same with another token
	send("portal-0", "new", `"id":2`, false)
	send("portal-1", "new", `"id":1`, false)
	killed := w.begin(v, "portal-0", []command{{"crm.item.add", "{}"}, {"crm.timeline.comment.add", "{}"}})
	w.RecordKill(v)
	w.end(killed, true) // counted already
	if got, want := w.Counts(), (WriteCounts{Sent: 6, Repeated: 1, Unanswered: 1, Interrupted: 2}); got != want {
		t.Errorf("counts %+v, want %+v", got, want)
	}
	if got := (WriteCounts{Sent: 1200, Repeated: 100, Unanswered: 120, Interrupted: 10}).Bound(); got < 1232 || got > 1232.3 {
		t.Errorf("bound %.1f, want 1100 / 0.9 + 10", got)
	}
}
