package schema_test

import (
	"testing"

	"acts24/store/schema"
)

func TestIsUnencrypted(t *testing.T) {
	for dsn, want := range map[string]bool{
		"postgres://acts_app@db.example/acts?sslmode=disable":    true,
		"postgres://acts_app@10.0.0.7/acts?sslmode=disable":      true,
		"postgres://acts_app@db.example/acts?sslmode=require":    false,
		"postgres://acts_app@127.0.0.1/acts?sslmode=disable":     false,
		"postgres://acts_app@[::1]/acts?sslmode=disable":         false,
		"postgres://acts_app@localhost/acts?sslmode=disable":     false,
		"host=/run/postgresql user=acts_app sslmode=disable":     false,
		"host=db.example user=acts_app dbname=a sslmode=disable": true,
	} {
		if got := schema.IsUnencrypted(dsn); got != want {
			t.Errorf("%s: %t, want %t", dsn, got, want)
		}
	}
}
