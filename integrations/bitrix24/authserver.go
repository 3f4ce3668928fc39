package bitrix24

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// renewalTimeout is shorter than the lease of 40 s under which a replica renews tokens.
const renewalTimeout = 20 * time.Second

// AuthServer is the authorisation server, https://oauth.bitrix24.tech (docs/contracts/bitrix24.md, "Tokens"). Its address comes
// from our configuration, never from a request.
type AuthServer struct {
	URL          string
	ClientID     string
	ClientSecret string
	HTTP         *http.Client  // as that of Config
	Timeout      time.Duration // of one request; 20 s when zero
	AllowPlain   bool          // allow http and IP addresses, for the sandbox and for tests
}

// TokenPair is a new pair of tokens; the previous refresh token no longer works. The scope of the answer is not read: for a local
// application it is the word "app". The method scope returns the rights.
type TokenPair struct {
	Access         string
	Refresh        string
	ExpiresIn      time.Duration
	MemberID       string
	ClientEndpoint string // base address of the portal's methods
	UserID         ID     // owner of the tokens; 0 when the server does not name him
	Status         string
}

// String hides the tokens from logs.
func (p TokenPair) String() string { return "tokens of " + p.MemberID }

// GoString hides the tokens from logs.
func (p TokenPair) GoString() string { return p.String() }

// Renew exchanges a refresh token for a new pair. Unless NotExecuted is true for an error, the old token may already be invalid.
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
	w, err := newWire(s.HTTP, timeout)
	if err != nil {
		return nil, notSent(method, err)
	}
	return w.post(ctx, method, base+path, typeForm, textPayload([]byte(form.Encode())))
}

// readPair decodes the answer to a renewal and removes the secrets from its error.
func readPair(r *reply, secrets ...string) (TokenPair, error) {
	var response struct {
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
	if err := json.Unmarshal(r.body, &response); err != nil {
		return TokenPair{}, &Error{Method: "oauth.token", Status: r.status, cause: unreadable(err)}
	}
	if isPresent(response.Error) {
		e := remoteError("oauth.token", r.status, readError(response.Error, response.About))
		for _, secret := range secrets {
			e.redact(secret)
		}
		return TokenPair{}, e
	}
	if r.status >= 400 || response.Access == "" || response.Refresh == "" || response.MemberID == "" {
		return TokenPair{}, &Error{Method: "oauth.token", Status: r.status, cause: ErrUnreadable}
	}
	return TokenPair{
		Access: string(response.Access), Refresh: string(response.Refresh), ExpiresIn: lifetime(response.ExpiresIn),
		MemberID: string(response.MemberID), ClientEndpoint: string(response.Endpoint), UserID: response.UserID,
		Status: string(response.Status),
	}, nil
}

// lifetime converts seconds; a missing or implausible value becomes the documented hour.
func lifetime(seconds ID) time.Duration {
	if seconds <= 0 || seconds > 24*3600 {
		return time.Hour
	}
	return time.Duration(seconds) * time.Second
}

func commaList(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

// AppInfo is the response of the authorisation server about a token. Nothing else proves from where a POST of an unknown portal comes
// (docs/contracts/bitrix24.md, "Verifying a request"). MemberID, ClientEndpoint and UserID are empty when the server omits them.
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
	LicenseFamily  Text `json:"LICENSE_FAMILY"` // ent: the larger rate limit (docs/contracts/bitrix24.md, "Limits")
	MemberID       Text `json:"member_id"`
	ClientEndpoint Text `json:"client_endpoint"`
	UserID         ID   `json:"user_id"`
}

// UnmarshalJSON reads the flat format of docs/contracts/bitrix24.md, "Verifying a request"; member_id and client_endpoint may also be
// inside "install".
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

// AppInfo fetches the portal, the user and the application of a token from the authorisation server. An answer of the portal itself would
// prove nothing.
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
