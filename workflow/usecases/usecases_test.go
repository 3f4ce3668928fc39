package usecases_test

import (
	"log/slog"
	"slices"
	"testing"

	"acts24/store/task"
	"acts24/workflow"
	"acts24/workflow/usecases"
)

// Every kind of task that the use cases enqueue is delivered.
func TestEveryKindIsRegistered(t *testing.T) {
	all := usecases.New(nil, nil, nil, workflow.DefaultTiming, "", nil, func() {}, slog.New(slog.DiscardHandler))
	want := []string{task.KindSyncItem, task.KindMoveDeal, task.KindAddToTimeline, task.KindNotifyResponsible, task.KindRemind, task.KindReadDeal,
		task.KindReadItem, task.KindReadStatusTask, task.KindWriteRows, task.KindSyncFiles, task.KindSendLetter, task.KindFormAct, task.KindFormMonthly, task.KindPutDocument,
		task.KindWithdrawDocument, task.KindSignDocument, task.KindAnnulDocument, task.KindCheckAccount, task.KindSendMessage, task.KindShowAnswer, task.KindInviteCounterparty,
		task.KindLookUpCounterparty, task.KindNotifyIncident, task.KindSendDigest, task.KindShowBadge, task.KindFetchSigned,
		task.KindNotifyOfDeals, task.KindNotifyOfReminders, task.KindRunRobot, task.KindAnswerRobot, task.KindRunTriggers}
	got := all.Queue.Kinds()
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("registered are %v, want %v", got, want)
	}
}
