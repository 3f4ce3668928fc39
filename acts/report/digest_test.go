package report

import (
	"slices"
	"testing"
)

func TestDigestLines(t *testing.T) {
	for name, tt := range map[string]struct {
		digest Digest
		want   []DigestLine
	}{
		"no lines when nothing waits":                       {Digest{}, nil},
		"the most urgent line comes first":                  {Digest{Overdue: 1, Refused: 2, AwaitOurs: 3, AwaitTheirs: 5, WithoutActs: 4}, []DigestLine{LineOverdue, LineRefused, LineOurs, LineTheirs, LineDealsWithoutActs}},
		"an overdue act is counted once":                    {Digest{Overdue: 2, AwaitTheirs: 2}, []DigestLine{LineOverdue}},
		"an act within its term waits for the counterparty": {Digest{AwaitTheirs: 1}, []DigestLine{LineTheirs}},
		"a deal without an act gives a line":                {Digest{WithoutActs: 1}, []DigestLine{LineDealsWithoutActs}},
		"our signature comes before the counterparty's":     {Digest{AwaitOurs: 1, AwaitTheirs: 1}, []DigestLine{LineOurs, LineTheirs}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := tt.digest.Lines(); !slices.Equal(got, tt.want) {
				t.Errorf("Lines() = %v, want %v", got, tt.want)
			}
		})
	}
}
