package limits

import (
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestAddress(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for name, tt := range map[string]struct {
		peer    string
		headers []string
		want    string
	}{
		"nobody between":            {"198.51.100.7:4000", nil, "198.51.100.7"},
		"a header of a stranger":    {"198.51.100.7:4000", []string{"203.0.113.9"}, "198.51.100.7"},
		"a header of our proxy":     {"10.1.2.3:4000", []string{"203.0.113.9"}, "203.0.113.9"},
		"what a visitor added":      {"10.1.2.3:4000", []string{"1.1.1.1, 203.0.113.9"}, "203.0.113.9"},
		"two proxies of ours":       {"10.1.2.3:4000", []string{"1.1.1.1, 203.0.113.9, 10.9.9.9"}, "203.0.113.9"},
		"two headers":               {"10.1.2.3:4000", []string{"1.1.1.1", "203.0.113.9"}, "203.0.113.9"},
		"our proxy sends no header": {"10.1.2.3:4000", nil, "10.1.2.3"},
		"nonsense":                  {"10.1.2.3:4000", []string{"1.1.1.1, <script>"}, "10.1.2.3"},
		"IPv4 in IPv6":              {"[::ffff:198.51.100.7]:4000", nil, "198.51.100.7"},
		"a home's IPv6":             {"[2001:db8:1:2:3:4:5:6]:4000", nil, "2001:db8:1:2::/64"},
		"IPv6 through a proxy":      {"[fd00::1]:4000", []string{"2001:db8:1:2::9"}, "2001:db8:1:2::/64"},
		"a zone":                    {"[fe80::1%eth0]:4000", nil, "fe80::/64"},
		"no address":                {"@", nil, ""},
	} {
		r := httptest.NewRequest("GET", "/f/x", nil)
		r.RemoteAddr = tt.peer
		for _, one := range tt.headers {
			r.Header.Add("X-Forwarded-For", one)
		}
		if got := Address(r, proxies); got != tt.want {
			t.Errorf("%s: %q; want %q", name, got, tt.want)
		}
	}
}
