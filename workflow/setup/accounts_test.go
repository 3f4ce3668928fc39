package setup

import (
	"testing"

	"acts24/acts"
	"acts24/store/accounts"
)

func TestCheckLogin(t *testing.T) {
	for name, tt := range map[string]struct {
		login accounts.Login
		ok    bool
	}{
		"all three keys":     {accounts.Login{AppClientID: "a", AppSecret: "b", SecretKey: "c"}, true},
		"login and password": {accounts.Login{Login: "robot", Password: "x"}, true},
		"both":               {accounts.Login{AppClientID: "a", AppSecret: "b", SecretKey: "c", Login: "robot", Password: "x"}, false},
		"a login alone":      {accounts.Login{Login: "robot"}, false},
		"two keys of three":  {accounts.Login{AppClientID: "a", AppSecret: "b"}, false},
		"nothing":            {accounts.Login{}, false},
	} {
		var faults acts.Faults
		checkLogin(&faults, tt.login)
		if (len(faults) == 0) != tt.ok {
			t.Errorf("%s: %v", name, faults)
		}
	}
}
