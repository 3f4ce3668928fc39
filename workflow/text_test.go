package workflow

import (
	"testing"

	"acts24/acts"
)

func TestPlural(t *testing.T) {
	for n, want := range map[int]string{0: "0 актов", 1: "1 акт", 2: "2 акта", 4: "4 акта", 5: "5 актов", 11: "11 актов", 12: "12 актов", 14: "14 актов",
		21: "21 акт", 22: "22 акта", 100: "100 актов", 101: "101 акт", 111: "111 актов"} {
		if got := Plural(n, "акт", "акта", "актов"); got != want {
			t.Errorf("Plural(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestClip(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		most int
		want string
	}{
		"spaces around are removed":      {"  акт  ", 10, "акт"},
		"letters are counted, not bytes": {"акты", 3, "акт"},
		"control characters are removed": {"а\x00б", 10, "аб"},
		"line ends stay":                 {"а\nб", 10, "а\nб"},
		"broken bytes are removed":       {"а\xffб", 10, "аб"},
	} {
		if got := Clip(tt.text, tt.most); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestMessageOf(t *testing.T) {
	faults := acts.Faults{{Field: "a", Text: "Первое."}, {Field: "b", Text: "Второе."}}
	if got := MessageOf(faults); got != faults.Error() {
		t.Errorf("faults: %q", got)
	}
	if got := MessageOf(acts.Errorf(acts.Conflict, "Занято.")); got != "Занято." {
		t.Errorf("an error with a message: %q", got)
	}
	if got := MessageOf(ErrUnclear); got != "" {
		t.Errorf("an error without a message: %q", got)
	}
}

func TestWithReason(t *testing.T) {
	if got := WithReason("Отказ", ""); got != "Отказ" {
		t.Errorf("without a reason: %q", got)
	}
	if got := WithReason("Отказ", "не та сумма"); got != "Отказ: не та сумма" {
		t.Errorf("with a reason: %q", got)
	}
}

func TestQuote(t *testing.T) {
	for text, want := range map[string]string{"Услуги": "«Услуги»", "Миссия: ООО «Сыры»": "«Миссия: ООО „Сыры“»", "": "«»"} {
		if got := Quote(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
