package streebog

import (
	"encoding/hex"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

// The examples of RFC 6986, and an empty message. The RFC writes a hash as a number, the highest byte first; here the lowest comes first.
func TestExamplesOfTheRFC(t *testing.T) {
	verse, err := charmap.Windows1251.NewEncoder().String("Се ветри, Стрибожи внуци, веютъ с моря стрелами на храбрыя плъкы Игоревы")
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ message, long, short string }{
		"M1": {strings.Repeat("0123456789", 6) + "012",
			"1b54d01a4af5b9d5cc3d86d68d285462b19abc2475222f35c085122be4ba1ffa00ad30f8767b3a82384c6574f024c311e2a481332b08ef7f41797891c1646f48",
			"9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500"},
		"M2": {verse,
			"1e88e62226bfca6f9994f1f2d51569e0daf8475a3b0fe61a5300eee46d961376035fe83549ada2b8620fcd7c496ce5b33f0cb9dddc2b6460143b03dabac9fb28",
			"9dd2fe4e90409e5da87f53976d7405b0c0cac628fc669a741d50063c557e8f50"},
		"nothing": {"",
			"8e945da209aa869f0455928529bcae4679e9873ab707b55315f56ceb98bef0a7362f715528356ee83cda5f2aac4c6ad2ba3a715c1bcd81cb8e9f90bf4c1c1a8a",
			"3f539a213e97c802cc229d474c6aa32a825a360b2a933a949fd925208d9ce1bb"},
	} {
		long, short := Sum512([]byte(tt.message)), Sum256([]byte(tt.message))
		if got := hex.EncodeToString(long[:]); got != tt.long {
			t.Errorf("%s: 512 bits are %s, want %s", name, got, tt.long)
		}
		if got := hex.EncodeToString(short[:]); got != tt.short {
			t.Errorf("%s: 256 bits are %s, want %s", name, got, tt.short)
		}
	}
}

// Carries run through all lanes of the sum.
func TestAdd(t *testing.T) {
	full := block{} // 2^512-1
	for i := range full {
		full[i] = ^uint64(0)
	}
	if got := add(full, block{1}); got != (block{}) {
		t.Errorf("(2^512-1) + 1 = %x, want 0", got)
	}
	double := full
	double[0] = ^uint64(1)
	if got := add(full, full); got != double {
		t.Errorf("(2^512-1) + (2^512-1) = %x, want 2^512-2: %x", got, double)
	}
}

func BenchmarkSum256(b *testing.B) {
	data := make([]byte, 1<<20)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		Sum256(data)
	}
}
