package bitrix24

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// renewalTimeout keeps a renewal inside the lease of 40 s that covers it.
const renewalTimeout = 20 * time.Second

// AuthServer is the authorisation server, https://oauth.bitrix24.tech (docs/contracts/bitrix24.md, "Tokens"). Its address comes
// from our configuration, never from a request.
type AuthServer struct {
	URL          string
	ClientID     string
	ClientSecret string
	HTTP         *http.Client
	Timeout      time.Duration // of one request; 20 s when zero
	AllowPlain   bool          // http and bare addresses, for the sandbox and for tests
}

// TokenPair is a fresh pair of tokens: the old refresh token is dead. The scope beside them is no list of rights: for a local application it is
// the word "app". Rights come from the method scope.
type TokenPair struct {
	Access         string
	Refresh        string
	ExpiresIn      time.Duration
	MemberID       string
	ClientEndpoint string // base of the portal's calls
	UserID         ID     // whose tokens they are; 0 when the server does not say
	Status         string
}

// String hides the tokens from logs.
func (p TokenPair) String() string { return "tokens of " + p.MemberID }

// GoString hides the tokens from logs.
func (p TokenPair) GoString() string { return p.String() }

// Renew exchanges a refresh token for a new pair. After an unclear end the old token may be dead already: NotExecuted
// tells. IsInvalidGrant, IsInvalidClient and IsPaymentRequired tell refusals apart.
func (s AuthServer) Renew(ctx context.Context, refresh string) (TokenPair, error) {
	form := url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {refresh},
		"client_id": {s.ClientID}, "client_secret": {s.ClientSecret},
	}
	reply, err := s.post(ctx, "oauth.token", "oauth/token/", form)
	if err != nil {
		return TokenPair{}, err
	}
	return readPair(reply, refresh, s.ClientSecret)
}

func (s AuthServer) post(ctx context.Context, method, path string, form url.Values) (*reply, error) {
	base, err := ParseEndpoint(s.URL, s.AllowPlain)
	if err != nil {
		return nil, notSent(method, err)
	}
	timeout := s.Timeout
	if timeout <= 0 {
		timeout = renewalTimeout
	}
	return newWire(s.HTTP, timeout).post(ctx, method, base+path, typeForm, textPayload([]byte(form.Encode())))
}

func readPair(r *reply, secrets ...string) (TokenPair, error) {
	var said struct {
		Access    Text            `json:"access_token"`
		Refresh   Text            `json:"refresh_token"`
		ExpiresIn ID              `json:"expires_in"`
		MemberID  Text            `json:"member_id"`
		Endpoint  Text            `json:"client_endpoint"`
		UserID    ID              `json:"user_id"`
		Status    Text            `json:"status"`
		Error     json.RawMessage `json:"error"`
		About     json.RawMessage `json:"error_description"`
	}
	if err := json.Unmarshal(r.body, &said); err != nil {
		return TokenPair{}, &Error{Method: "oauth.token", Status: r.status, cause: unreadable(err)}
	}
	if present(said.Error) {
		e := remoteError("oauth.token", r.status, readError(said.Error, said.About))
		for _, secret := range secrets {
			e.redact(secret)
		}
		return TokenPair{}, e
	}
	if r.status >= 400 || said.Access == "" || said.Refresh == "" || said.MemberID == "" {
		return TokenPair{}, &Error{Method: "oauth.token", Status: r.status, cause: ErrUnreadable}
	}
	return TokenPair{
		Access: string(said.Access), Refresh: string(said.Refresh), ExpiresIn: lifetime(said.ExpiresIn),
		MemberID: string(said.MemberID), ClientEndpoint: string(said.Endpoint), UserID: said.UserID,
		Status: string(said.Status),
	}, nil
}

// lifetime reads seconds; what is missing or senseless is the documented hour.
func lifetime(seconds ID) time.Duration {
	if seconds <= 0 || seconds > 24*3600 {
		return time.Hour
	}
	return time.Duration(seconds) * time.Second
}

func commaList(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

// AppInfo is what the authorisation server knows of a token: the only trusted word about a POST that nobody has sent
// before (docs/contracts/bitrix24.md, "Verifying a request"). MemberID, ClientEndpoint and UserID are empty when the server does
// not tell them.
type AppInfo struct {
	ID             Text `json:"ID"`
	Code           Text `json:"CODE"`
	Version        ID   `json:"VERSION"`
	Status         Text `json:"STATUS"` // L local, F free, S subscription, P paid, D demo, T trial
	Installed      Bool `json:"INSTALLED"`
	PaymentExpired Bool `json:"PAYMENT_EXPIRED"`
	Days           ID   `json:"DAYS"`
	Language       Text `json:"LANGUAGE_ID"`
	License        Text `json:"LICENSE"`
	LicenseType    Text `json:"LICENSE_TYPE"`
	LicenseFamily  Text `json:"LICENSE_FAMILY"` // ent: the larger bucket of docs/contracts/bitrix24.md, "Limits"
	MemberID       Text `json:"member_id"`
	ClientEndpoint Text `json:"client_endpoint"`
	UserID         ID   `json:"user_id"`
}

// UnmarshalJSON reads the flat shape of docs/contracts/bitrix24.md, "Verifying a request", and member_id and client_endpoint also
// from inside "install".
func (a *AppInfo) UnmarshalJSON(data []byte) error {
	type plain AppInfo
	var fields Fields
	if err := withRaw(data, (*plain)(a), &fields); err != nil {
		return err
	}
	var inner struct {
		MemberID       Text `json:"member_id"`
		ClientEndpoint Text `json:"client_endpoint"`
	}
	if raw, found := fields["install"]; found && json.Unmarshal(raw, &inner) == nil {
		if a.MemberID == "" {
			a.MemberID = inner.MemberID
		}
		if a.ClientEndpoint == "" {
			a.ClientEndpoint = inner.ClientEndpoint
		}
	}
	return nil
}

// AppInfo asks the authorisation server about a token; an on-premise portal's own answer would prove nothing.
func (s AuthServer) AppInfo(ctx context.Context, access string) (AppInfo, error) {
	reply, err := s.post(ctx, "app.info", "rest/app.info", url.Values{"auth": {access}})
	if err != nil {
		return AppInfo{}, err
	}
	answer, err := readAnswer("app.info", reply)
	if err != nil {
		redactIn(err, access)
		return AppInfo{}, err
	}
	var info AppInfo
	err = answer.decode("app.info", &info)
	return info, err
}
