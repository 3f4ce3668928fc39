package apptest

import (
	"fmt"
	"net/url"
	"reflect"
	"strings"

	"acts24/cmd/app"
	"acts24/integrations/bitrix24/bitrix24test"
)

// DealEvent is what a portal posts to the program when a deal was changed.
func DealEvent(p *bitrix24test.Portal, deal int64) url.Values {
	return url.Values{"event": {"ONCRMDEALUPDATE"}, "data[FIELDS][ID]": {fmt.Sprint(deal)},
		"auth[member_id]": {p.MemberID()}, "auth[application_token]": {p.ApplicationToken()}}
}

// Environ is a configuration as the program reads it from its environment.
func Environ(cfg app.Config) (env []string) {
	v := reflect.ValueOf(cfg)
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("env"), ",")
		value := fmt.Sprint(v.Field(i).Interface())
		if v.Field(i).Kind() == reflect.Slice { // written with commas, not as Go prints it
			value = strings.Join(strings.Fields(strings.Trim(value, "[]")), ",")
		}
		env = append(env, name+"="+value)
	}
	return env
}
