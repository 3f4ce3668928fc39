package robots_test

import (
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

func TestMain(m *testing.M) { apptest.Main(m) }

type fields = bitrix24test.Fields
