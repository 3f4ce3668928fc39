package upd

import "testing"

// The list has codes that the vendor's documentation and reports of mistakes name, and lacks codes that portals invent.
func TestOKEI(t *testing.T) {
	for _, code := range []string{"006", "018", "055", "112", "113", "166", "168", "356", "359", "362", "383", "539", "642", "704", "778", "796", "839", "876", "9245"} {
		if !okei[code] {
			t.Errorf("code %s is missing", code)
		}
	}
	for _, code := range []string{"", "001", "002", "000", "0000", "007", "1000", "9999", "6", "06", "0796", "1000001"} {
		if okei[code] {
			t.Errorf("code %q is in the list, want it absent", code)
		}
	}
	if len(okei) != 537 {
		t.Errorf("%d codes, want 537", len(okei))
	}
}
