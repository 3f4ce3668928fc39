package apptest

import (
	"fmt"
	"net"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"acts24/cmd/app"
	"acts24/integrations/bitrix24/bitrix24test"
)

// DealEvent returns the form that a portal posts to the program when a deal has changed.
func DealEvent(p *bitrix24test.Portal, deal int64) url.Values {
	return url.Values{"event": {"ONCRMDEALUPDATE"}, "ts": {EventTime()}, "data[FIELDS][ID]": {fmt.Sprint(deal)},
		"auth[member_id]": {p.MemberID()}, "auth[application_token]": {p.ApplicationToken()}}
}

// EventTime returns the time that a portal names in an event of now.
func EventTime() string { return fmt.Sprint(time.Now().Unix()) }

// Environ returns the environment variables from which the program reads cfg.
func Environ(cfg app.Config) (env []string) {
	v := reflect.ValueOf(cfg)
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("env"), ",")
		if name == "" {
			continue
		}
		value := fmt.Sprint(v.Field(i).Interface())
		if v.Field(i).Kind() == reflect.Slice { // comma separated instead of Go's format
			value = strings.Join(strings.Fields(strings.Trim(value, "[]")), ",")
		}
		env = append(env, name+"="+value)
	}
	return env
}

// FreeAddress returns an address of this machine on which nothing listens.
func FreeAddress(t *testing.T) string {
	t.Helper()
	address, err := FindAddress()
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// FindAddress is FreeAddress without a test.
func FindAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a port: %w", err)
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}
