package edo_test

import (
	"testing"

	"acts24/cmd/app/apptest"
)

func TestMain(m *testing.M) { apptest.Main(m) }
