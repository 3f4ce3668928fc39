package setup

import (
	"testing"

	"acts24/acts"
	"acts24/store"
)

func TestCheckLogin(t *testing.T) {
	for name, tt := range map[string]struct {
		login store.Login
		ok    bool
	}{
		"all three keys":     {store.Login{AppClientID: "a", AppSecret: "b", SecretKey: "c"}, true},
		"login and password": {store.Login{Login: "robot", Password: "x"}, true},
		"both":               {store.Login{AppClientID: "a", AppSecret: "b", SecretKey: "c", Login: "robot", Password: "x"}, false},
		"a login alone":      {store.Login{Login: "robot"}, false},
		"two keys of three":  {store.Login{AppClientID: "a", AppSecret: "b"}, false},
		"nothing":            {store.Login{}, false},
	} {
		var faults acts.Faults
		checkLogin(&faults, tt.login)
		if (len(faults) == 0) != tt.ok {
			t.Errorf("%s: %v", name, faults)
		}
	}
}
