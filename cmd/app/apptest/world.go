// Package apptest provides the environment of the program for tests, the crash test and the benchmark: a fake
// portal with deals, a fake SBIS, and the steps by which an administrator connects them. A Site is the program in
// such a World inside a test.
package apptest

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"time"

	"acts24/cmd/app"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// World is the environment of the program: an authorization server, its portals, and SBIS.
type World struct {
	Cloud   *bitrix24test.Cloud
	Portals []*bitrix24test.Portal
	SBIS    *sbistest.Server
	AppURL  string // address of the program
	t       TB
}

// TB is the part of testing.TB that a World uses.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// Own is our company in every portal of a World.
var Own = sbistest.Organization{INN: INN10(770101010), KPP: "770101001", Name: "ООО «Исполнитель»",
	BoxID: "2BE0123456789abcdef0123456789abcdef", Connected: true}

// The keys of the account at SBIS.
const (
	AppClientID = "1025293145607151"
	AppSecret   = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	SecretKey   = "secret-key-of-the-account"
)

// NewWorld starts portals and SBIS for a test; the program will be served at appURL.
func NewWorld(t TB, appURL string, portals int, options ...func(*bitrix24test.Config)) *World {
	t.Helper()
	return newWorld(t, appURL, portals, time.Now, options...)
}

// newWorld is NewWorld with a clock of SBIS.
func newWorld(t TB, appURL string, portals int, sbisNow func() time.Time, options ...func(*bitrix24test.Config)) *World {
	t.Helper()
	w := &World{Cloud: bitrix24test.NewCloud(bitrix24test.App{Name: "Акты", URL: appURL + "/placement/menu", Install: appURL + "/install"}),
		AppURL: appURL, t: t}
	for range portals {
		p := w.Cloud.Start(t, append([]func(*bitrix24test.Config){func(c *bitrix24test.Config) { c.EventDelay = 10 * time.Millisecond }}, options...)...)
		addTestData(p)
		w.Portals = append(w.Portals, p)
	}
	w.startSBIS(t, sbisNow)
	return w
}

func (w *World) startSBIS(t TB, now func() time.Time) {
	sbis, err := sbistest.New(sbistest.Config{Now: now})
	if err != nil {
		t.Fatalf("start SBIS: %v", err)
	}
	sbis.AddAccount(Account(0))
	for n := 1; n <= Deals; n++ {
		sbis.AddCounterparty(CounterpartyOf(n))
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("start SBIS: %v", err)
	}
	server := &http.Server{Handler: sbis, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(listener) }()
	sbis.SetURL("http://" + listener.Addr().String())
	t.Cleanup(func() { _ = server.Close() })
	w.SBIS = sbis
}

// Account returns an account of our company at SBIS. Account 0 exists in every World; further ones are for further portals.
func Account(n int) sbistest.Account {
	a := sbistest.Account{AppClientID: AppClientID, AppSecret: AppSecret, SecretKey: SecretKey, Login: "robot", Password: "robot-password",
		Owner: sbistest.Person{Surname: "Иванов", Name: "Иван", Patronymic: "Иванович"}, Own: []sbistest.Organization{Own}}
	if n > 0 {
		a.AppClientID, a.Login = fmt.Sprint(AppClientID, n), fmt.Sprint(a.Login, n)
	}
	return a
}

// Config returns the program's configuration for this world, with delays multiplied by factor (1 for production values).
func (w *World) Config(dsn string, factor float64) app.Config {
	scaled := func(d time.Duration) time.Duration { return time.Duration(float64(d) * factor) }
	cloud := w.Cloud.App()
	return app.Config{Addr: "127.0.0.1:0", PublicURL: w.AppURL, DatabaseURL: dsn, ClientID: cloud.ID, ClientSecret: cloud.Secret,
		AuthURL: w.Cloud.URL(), SBISURL: w.SBIS.URL(), Keys: "t:" + random(32), SessionKeys: random(64), AllowPlain: true, AllowRoot: true,
		CallTimeout: scaled(60 * time.Second), Window: scaled(75 * time.Second), Lease: scaled(90 * time.Second), PageTimeout: 10 * time.Second,
		Login: scaled(40 * time.Second), Retry: scaled(300 * time.Second), Probe: scaled(300 * time.Second),
		PollFast: scaled(30 * time.Second), PollSlow: scaled(60 * time.Second), PollIdle: scaled(300 * time.Second),
		PageConnections: 4, JobConnections: 4, StatementTimeout: 2 * time.Second}
}

func random(n int) string {
	raw := make([]byte, n)
	rand.Read(raw)
	return base64.StdEncoding.EncodeToString(raw)
}

// INN10 appends the check digit to the nine digits of a legal entity's INN.
func INN10(nine int) string {
	text := fmt.Sprintf("%09d", nine)
	return text + check(text, 2, 4, 10, 3, 5, 9, 4, 6, 8)
}

// INN12 appends the check digits to the ten digits of a person's INN.
func INN12(ten int) string {
	text := fmt.Sprintf("%010d", ten)
	text += check(text, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
	return text + check(text, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
}

func check(digits string, weights ...int) string {
	sum := 0
	for i, w := range weights {
		sum += w * int(digits[i]-'0')
	}
	return fmt.Sprint(sum % 11 % 10)
}
