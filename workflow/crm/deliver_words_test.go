package crm

import (
	"acts24/workflow"
	"errors"
	"testing"

	"acts24/acts"
)

func TestARefusalMayComeOfADeletedDeal(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		over bool
	}{
		"the portal refuses":       {acts.Errorf(acts.Refused, "Нет."), true},
		"the object was deleted":   {acts.Errorf(acts.NotFound, "Нет."), true},
		"the portal is silent":     {acts.Errorf(acts.Unavailable, "Нет."), false},
		"nobody knows the outcome": {workflow.ErrUnclear, false},
		"a mistake of ours":        {errors.New("bug"), false},
	} {
		if got := isRefusal(tt.err); got != tt.over {
			t.Errorf("%s: refused is %t", name, got)
		}
	}
}
