package wire

import (
	"bytes"
	"net/http"
	"slices"
	"testing"
)

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
			if got := callOf(r, []byte(tt.body)); got.system != tt.want.system || !slices.Equal(got.methods, tt.want.methods) {
				t.Errorf("callOf = %v, want %v", got, tt.want)
			}
		})
	}
}
