package apptest

import (
	"fmt"
	"reflect"
	"strings"

	"acts24/cmd/app"
)

// Environ is a configuration as the program reads it from its environment.
func Environ(cfg app.Config) (env []string) {
	v := reflect.ValueOf(cfg)
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("env"), ",")
		env = append(env, fmt.Sprintf("%s=%v", name, v.Field(i).Interface()))
	}
	return env
}
