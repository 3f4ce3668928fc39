package acts

import (
	"errors"
	"testing"
	"time"
)

func TestClosedPeriod(t *testing.T) {
	closed, open := ClosedPeriod{Own: 1, Before: day(2026, 10, 1)}, ClosedPeriod{Own: 1}
	before, after := day(2026, 9, 30), day(2026, 10, 1)
	numbered := func(date time.Time) Act { return Act{ID: 7, Number: "15", Date: date} }
	bare := func(date time.Time) Act { return Act{ID: 7, Date: date} }
	for name, tt := range map[string]struct {
		try    func() error
		closed bool
	}{
		"a date before the day":                            {func() error { return closed.MayDate(bare(before)) }, true},
		"the day itself is not closed":                     {func() error { return closed.MayDate(bare(after)) }, false},
		"late in the evening before it":                    {func() error { return closed.MayDate(bare(before.Add(23 * time.Hour))) }, true},
		"nothing is closed":                                {func() error { return open.MayDate(bare(before)) }, false},
		"changing a numbered act":                          {func() error { return closed.MayChange(numbered(before), "изменить акт") }, true},
		"changing an act of the open period":               {func() error { return closed.MayChange(numbered(after), "изменить акт") }, false},
		"a draft is not a document yet":                    {func() error { return closed.MayChange(bare(before), "изменить акт") }, false},
		"making the document of a draft":                   {func() error { return closed.MayIssue(bare(before), "передать акт в СБИС") }, true},
		"making the document of an act in the open period": {func() error { return closed.MayIssue(bare(after), "передать акт в СБИС") }, false},
	} {
		err := tt.try()
		var refused *ClosedError
		if errors.As(err, &refused) != tt.closed || (err != nil) != tt.closed {
			t.Errorf("%s: %v, want refused: %t", name, err, tt.closed)
		}
	}
	err := error(closed.MayDate(bare(before)))
	var faults Faults
	if !errors.Is(err, Invalid) || !errors.As(err, &faults) || faults.At("date") == "" {
		t.Errorf("a closed date is %v, want a mistake at its field", err)
	}
	if err := closed.MayChange(numbered(before), "изменить акт"); !errors.Is(err, Conflict) || Message(err) == "" {
		t.Errorf("a closed change is %v, want a conflict with a message", err)
	}
}
