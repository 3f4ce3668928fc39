package store_test

import (
	"context"

	"acts24/store/storetest"
)

var ctx = context.Background()

// Short names of what the tests of the store share.
var (
	open         = storetest.Open
	twin         = storetest.SecondPool
	asApp        = storetest.AsApp
	asOwner      = storetest.AsOwner
	asPortal     = storetest.AsPortal
	portal       = storetest.AddPortal
	inTx         = storetest.InTx
	deal         = storetest.Deal
	draft        = storetest.Draft
	addAct       = storetest.AddAct
	paperAct     = storetest.AddPaperAct
	move         = storetest.MoveAct
	readAct      = storetest.ReadAct
	wantConflict = storetest.WantConflict
	dec          = storetest.Decimal
	awaitLock    = storetest.AwaitLock
)
