package bitrix24

import (
	"encoding/json"
	"fmt"
	"testing"
)

func TestItem(t *testing.T) {
	var item Item
	err := json.Unmarshal([]byte(`{"id":"24","parentId2":"10","ufCrm7_SUM":"1500.50|RUB","ufCrm7_FLAG":"Y",
		"ufCrm7_FILE":{"id":1,"urlMachine":"u"},"ufCrm7_FILES":[{"id":"2"},{"id":3}],"ufCrm7_NONE":[],"ufCrm7_NAME":"Акт"}`), &item)
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintln(item.ID, item.DealID, item.Raw.Text("ufCrm7_SUM"), item.Raw.Text("ufCrm7_FLAG"),
		item.Raw.Files("ufCrm7_FILE"), len(item.Raw.Files("ufCrm7_FILES")), len(item.Raw.Files("ufCrm7_NONE")), item.Raw.Text("ufCrm7_NAME"))
	if want := "24 10 1500.50|RUB Y [{1 u}] 2 0 Акт\n"; got != want {
		t.Errorf("fields are %s, want %s", got, want)
	}
	for _, text := range []string{`[]`, `null`, `{}`} {
		if err := json.Unmarshal([]byte(text), &item); err != nil {
			t.Errorf("the empty value %s is not decoded: %v", text, err)
		}
	}
	for _, text := range []string{`"x"`, `[1]`} {
		if json.Unmarshal([]byte(text), &item) == nil {
			t.Errorf("%s is decoded as an item, want an error", text)
		}
	}
}
