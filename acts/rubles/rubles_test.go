package rubles_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"acts24/acts"
	"acts24/acts/rubles"
)

func TestWords(t *testing.T) {
	for k, want := range map[acts.Kopecks]string{
		0:                   "Ноль рублей 00 копеек",
		1:                   "Ноль рублей 01 копейка",
		2:                   "Ноль рублей 02 копейки",
		11:                  "Ноль рублей 11 копеек",
		21:                  "Ноль рублей 21 копейка",
		34:                  "Ноль рублей 34 копейки",
		1_00:                "Один рубль 00 копеек",
		2_05:                "Два рубля 05 копеек",
		5_99:                "Пять рублей 99 копеек",
		11_12:               "Одиннадцать рублей 12 копеек",
		14_13:               "Четырнадцать рублей 13 копеек",
		20_14:               "Двадцать рублей 14 копеек",
		21_51:               "Двадцать один рубль 51 копейка",
		40_00:               "Сорок рублей 00 копеек",
		90_00:               "Девяносто рублей 00 копеек",
		100_00:              "Сто рублей 00 копеек",
		111_00:              "Сто одиннадцать рублей 00 копеек",
		212_00:              "Двести двенадцать рублей 00 копеек",
		999_00:              "Девятьсот девяносто девять рублей 00 копеек",
		1_000_00:            "Одна тысяча рублей 00 копеек",
		1_001_00:            "Одна тысяча один рубль 00 копеек",
		2_002_00:            "Две тысячи два рубля 00 копеек",
		5_000_00:            "Пять тысяч рублей 00 копеек",
		11_000_00:           "Одиннадцать тысяч рублей 00 копеек",
		12_012_00:           "Двенадцать тысяч двенадцать рублей 00 копеек",
		21_000_00:           "Двадцать одна тысяча рублей 00 копеек",
		22_022_22:           "Двадцать две тысячи двадцать два рубля 22 копейки",
		65_000_00:           "Шестьдесят пять тысяч рублей 00 копеек",
		101_000_00:          "Сто одна тысяча рублей 00 копеек",
		111_114_00:          "Сто одиннадцать тысяч сто четырнадцать рублей 00 копеек",
		1_000_000_00:        "Один миллион рублей 00 копеек",
		1_000_001_00:        "Один миллион один рубль 00 копеек",
		2_001_000_00:        "Два миллиона одна тысяча рублей 00 копеек",
		5_000_300_10:        "Пять миллионов триста рублей 10 копеек",
		1_234_567_89:        "Один миллион двести тридцать четыре тысячи пятьсот шестьдесят семь рублей 89 копеек",
		1_000_000_000_00:    "Один миллиард рублей 00 копеек",
		2_000_001_000_01:    "Два миллиарда одна тысяча рублей 01 копейка",
		10_000_000_000_000:  "Сто миллиардов рублей 00 копеек",
		100_000_000_000_000: "Один триллион рублей 00 копеек",
		math.MaxInt64: "Девяносто два квадриллиона двести тридцать три триллиона семьсот двадцать миллиардов триста шестьдесят восемь миллионов " +
			"пятьсот сорок семь тысяч семьсот пятьдесят восемь рублей 07 копеек",
		math.MinInt64: "Минус девяносто два квадриллиона двести тридцать три триллиона семьсот двадцать миллиардов триста шестьдесят восемь миллионов " +
			"пятьсот сорок семь тысяч семьсот пятьдесят восемь рублей 08 копеек",
		-1_50:    "Минус один рубль 50 копеек",
		-50:      "Минус ноль рублей 50 копеек",
		-2000_00: "Минус две тысячи рублей 00 копеек",
	} {
		if got := rubles.Words(k); got != want {
			t.Errorf("%s: %q; want %q", k, got, want)
		}
	}
}

// TestWordsReadBack parses the words of generated sums and compares the result with the sum.
func TestWordsReadBack(t *testing.T) {
	check := func(k acts.Kopecks) {
		text := rubles.Words(k)
		if got, err := read(text); err != nil || got != k {
			t.Fatalf("%s reads as %s (%v): %q", k, got, err, text)
		}
	}
	for k := acts.Kopecks(0); k < 25_000_00; k += 37 {
		check(k)
	}
	for k := acts.Kopecks(0); k < 1_000_000_000_00; k += 1_987_654_31 {
		check(k)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 50_000 {
		check(acts.Kopecks(random.Int64() >> random.IntN(63)))
	}
}

func FuzzWords(f *testing.F) {
	f.Add(int64(65_000_00))
	f.Fuzz(func(t *testing.T, k int64) {
		if got, err := read(rubles.Words(acts.Kopecks(k))); err != nil || int64(got) != k {
			t.Errorf("%d reads as %d: %v", k, got, err)
		}
	})
}

// values maps number words to their values, independently of the tested code.
var values = map[string]uint64{
	"ноль": 0, "один": 1, "одна": 1, "два": 2, "две": 2, "три": 3, "четыре": 4, "пять": 5, "шесть": 6, "семь": 7, "восемь": 8, "девять": 9,
	"десять": 10, "одиннадцать": 11, "двенадцать": 12, "тринадцать": 13, "четырнадцать": 14, "пятнадцать": 15, "шестнадцать": 16,
	"семнадцать": 17, "восемнадцать": 18, "девятнадцать": 19, "двадцать": 20, "тридцать": 30, "сорок": 40, "пятьдесят": 50,
	"шестьдесят": 60, "семьдесят": 70, "восемьдесят": 80, "девяносто": 90, "сто": 100, "двести": 200, "триста": 300, "четыреста": 400,
	"пятьсот": 500, "шестьсот": 600, "семьсот": 700, "восемьсот": 800, "девятьсот": 900,
}

// powers are the stems of the words that multiply the number before them.
var powers = []struct {
	stem  string
	value uint64
}{{"квадриллион", 1e15}, {"триллион", 1e12}, {"миллиард", 1e9}, {"миллион", 1e6}, {"тысяч", 1e3}, {"рубл", 1}}

// read parses words into a sum and returns an error when a noun does not agree with its number.
func read(text string) (acts.Kopecks, error) {
	words := strings.Fields(strings.ToLower(text))
	negative := words[0] == "минус"
	if negative {
		words = words[1:]
	}
	var sum, part uint64
	for i, word := range words[:len(words)-2] {
		value, ok := values[word]
		if ok {
			part += value
			continue
		}
		if err := agrees(words[max(i-1, 0)], word); err != nil {
			return 0, err
		}
		sum += part * power(word)
		part = 0
	}
	sum, err := addKopecks(sum*100, words[len(words)-2], words[len(words)-1])
	if negative {
		sum = -sum
	}
	return acts.Kopecks(sum), err
}

func power(word string) uint64 {
	for _, p := range powers {
		if strings.HasPrefix(word, p.stem) {
			return p.value
		}
	}
	return 0
}

// agrees checks that the ending of a noun agrees with the word before it.
func agrees(number, noun string) error {
	endings := "рублей тысяч миллионов миллиардов триллионов квадриллионов"
	switch number {
	case "один":
		endings = "рубль миллион миллиард триллион квадриллион"
	case "одна":
		endings = "тысяча"
	case "две":
		endings = "тысячи"
	case "два":
		endings = "рубля миллиона миллиарда триллиона квадриллиона"
	case "три", "четыре":
		endings = "рубля тысячи миллиона миллиарда триллиона квадриллиона"
	}
	if !strings.Contains(" "+endings+" ", " "+noun+" ") {
		return fmt.Errorf("%s %s", number, noun)
	}
	return nil
}

func addKopecks(sum uint64, digits, noun string) (uint64, error) {
	var n uint64
	if _, err := fmt.Sscanf(digits, "%02d", &n); err != nil || len(digits) != 2 {
		return 0, fmt.Errorf("kopecks %q: %w", digits, err)
	}
	want := "копеек"
	if digits[0] != '1' && digits[1] == '1' {
		want = "копейка"
	} else if digits[0] != '1' && strings.ContainsAny(digits[1:], "234") {
		want = "копейки"
	}
	if noun != want {
		return 0, fmt.Errorf("%s %s; want %s", digits, noun, want)
	}
	return sum + n, nil
}
