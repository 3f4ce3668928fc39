package bitrix24

import (
	"strings"
	"testing"
)

// hostChecks are host names in requests with the expected answers of ValidHost and PublicHost.
var hostChecks = map[string]struct{ valid, public bool }{
	"portal.bitrix24.ru":                   {true, true},
	"Portal.Bitrix24.RU:443":               {true, true},
	"xn--80aswg.xn--p1ai":                  {true, true},
	"crm.example.com:8443":                 {true, true},
	"127.0.0.1:5432":                       {true, false},
	"169.254.169.254":                      {true, false},
	"0x7f000001":                           {true, false},
	"0x7f.0.0.1":                           {true, false},
	"2130706433":                           {true, false},
	"127.1":                                {true, false},
	"localhost":                            {true, false},
	"app.localhost":                        {true, false},
	"db.internal":                          {true, false},
	"printer.local":                        {true, false},
	"[::1]":                                {false, false},
	"[::1]:80":                             {false, false},
	"":                                     {false, false},
	":443":                                 {false, false},
	"portal.bitrix24.ru:":                  {false, false},
	"portal.bitrix24.ru:0":                 {false, false},
	"portal.bitrix24.ru:99999":             {false, false},
	"portal.bitrix24.ru@canary.example":    {false, false},
	"portal.bitrix24.ru#.canary.example":   {false, false},
	"canary.example\\@portal.bitrix24.ru":  {false, false},
	"canary.example/portal.bitrix24.ru":    {false, false},
	"portal.bitrix24.ru?x":                 {false, false},
	"portal..bitrix24.ru":                  {false, false},
	".bitrix24.ru":                         {false, false},
	"portal.bitrix24.ru.":                  {false, false},
	"-a.example":                           {false, false},
	"a-.example":                           {false, false},
	strings.Repeat("a", 63) + ".example":   {true, true},
	strings.Repeat("a", 64) + ".example":   {false, false},
	strings.Repeat("a.", 123) + "example":  {true, true}, // 253 characters
	strings.Repeat("a.", 123) + "examples": {false, false},
	"портал.рф":                            {false, false},
	"portal.bitrix24.ru\n":                 {false, false},
	"portal bitrix24.ru":                   {false, false},
	"portal.bitrix24.ru%00":                {false, false},
}

func TestHosts(t *testing.T) {
	for host, want := range hostChecks {
		if ValidHost(host) != want.valid || PublicHost(host) != want.public {
			t.Errorf("%q is valid %v, public %v; want %+v", host, ValidHost(host), PublicHost(host), want)
		}
		if strings.ContainsAny(host, "/") {
			continue // in an address the rest is a path
		}
		_, err := ParseEndpoint("https://"+host+"/rest/", false)
		if (err == nil) != want.public {
			t.Errorf("ParseEndpoint at %q: error %v; want accepted %v", host, err, want.public)
		}
	}
}

func TestParseEndpoint(t *testing.T) {
	for raw, want := range map[string]string{
		"https://portal.bitrix24.ru/rest/":     "https://portal.bitrix24.ru/rest/",
		"https://Portal.bitrix24.ru/rest":      "https://portal.bitrix24.ru/rest/",
		"https://portal.bitrix24.ru":           "https://portal.bitrix24.ru/",
		"https://portal.bitrix24.ru/a-b/c.d/":  "https://portal.bitrix24.ru/a-b/c.d/",
		"http://portal.bitrix24.ru/rest/":      "",
		"HTTPS://portal.bitrix24.ru/rest/":     "https://portal.bitrix24.ru/rest/",
		"//portal.bitrix24.ru/rest/":           "",
		"https:portal.bitrix24.ru":             "",
		"https://a@portal.bitrix24.ru/rest/":   "",
		"https://portal.bitrix24.ru/rest/#x":   "",
		"https://portal.bitrix24.ru/rest/?":    "",
		"https://portal.bitrix24.ru/%2e%2e/":   "",
		"https://portal.bitrix24.ru/rest;a=b/": "",
		"javascript:alert(1)":                  "",
	} {
		if got, err := ParseEndpoint(raw, false); got != want || (err == nil) != (want != "") {
			t.Errorf("ParseEndpoint(%s) = %q, %v; want %q", raw, got, err, want)
		}
	}
	const plain = "http://127.0.0.1:8080/rest/"
	if got, err := ParseEndpoint(plain, true); err != nil || got != plain {
		t.Errorf("ParseEndpoint(%s) with plain addresses allowed = %q, %v; want it unchanged", plain, got, err)
	}
}

func TestSameHost(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		same bool
	}{
		{"Portal.bitrix24.ru", "portal.bitrix24.ru:443", true},
		{"portal.bitrix24.ru", "portal.bitrix24.ru", true},
		{"portal.bitrix24.ru", "portal.bitrix24.ru:8443", false},
		{"portal.bitrix24.ru", "other.bitrix24.ru", false},
		{"", "", false},
	} {
		if SameHost(tt.a, tt.b) != tt.same {
			t.Errorf("SameHost(%q, %q) = %v, want %v", tt.a, tt.b, !tt.same, tt.same)
		}
	}
}
