package bitrix24

import (
	"encoding/json"
	"slices"
	"testing"
)

func TestWordsOfTheCalendar(t *testing.T) {
	for body, want := range map[string][]string{
		`"1.01,2.01, 7.01"`: {"1.01", "2.01", "7.01"}, `["SA","SU"]`: {"SA", "SU"}, `{"0":"SA","2":"SU"}`: {"SA", "SU"},
		`""`: nil, `null`: nil, `[]`: nil, `false`: nil, `31.12`: {"31.12"}, `["1.01,2.01"]`: {"1.01", "2.01"},
	} {
		var w StringList
		if err := json.Unmarshal([]byte(body), &w); err != nil || !slices.Equal(w, want) {
			t.Errorf("%s is %v, %v", body, w, err)
		}
	}
	var w StringList
	if err := json.Unmarshal([]byte(`[{"a":"b"}]`), &w); err == nil {
		t.Errorf("a list of objects is %v", w)
	}
}
