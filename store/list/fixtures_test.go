package list_test

import (
	"context"

	"acts24/store/storetest"
)

var ctx = context.Background()

// Short names of what the tests of the store share.
var (
	open     = storetest.Open
	asOwner  = storetest.AsOwner
	asPortal = storetest.AsPortal
	portal   = storetest.AddPortal
	inTx     = storetest.InTx
	deal     = storetest.Deal
	draft    = storetest.Draft
	addAct   = storetest.AddAct
	readAct  = storetest.ReadAct
	dec      = storetest.Decimal
)
