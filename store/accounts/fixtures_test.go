package accounts_test

import (
	"context"

	"acts24/store/storetest"
)

var ctx = context.Background()

// Short names of what the tests of the store share.
var (
	open   = storetest.Open
	twin   = storetest.SecondPool
	portal = storetest.AddPortal
	inTx   = storetest.InTx
)
