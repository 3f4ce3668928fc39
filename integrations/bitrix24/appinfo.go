package bitrix24

import (
	"context"
	"encoding/json"
	"net/url"
)

// AppInfo is what the authorisation server knows of a token: the only trusted word about a POST that nobody has sent
// before (section 1.6). MemberID, ClientEndpoint and UserID are empty when the server does not tell them.
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
	LicenseFamily  Text `json:"LICENSE_FAMILY"` // ent: the larger bucket of section 10.4
	MemberID       Text `json:"member_id"`
	ClientEndpoint Text `json:"client_endpoint"`
	UserID         ID   `json:"user_id"`
}

// UnmarshalJSON reads the flat shape of section 1.6, and member_id and client_endpoint also from inside "install".
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

// Enterprise tells whether the portal has the larger rate of calls.
func (a AppInfo) Enterprise() bool { return a.LicenseFamily == "ent" }

// AppInfo asks the authorisation server about a token; an on-premise portal's own answer would prove nothing.
func (s AuthServer) AppInfo(ctx context.Context, access string) (AppInfo, error) {
	reply, err := s.post(ctx, "app.info", "rest/app.info", url.Values{"auth": {access}})
	if err != nil {
		return AppInfo{}, err
	}
	answer, err := readAnswer("app.info", reply)
	if err != nil {
		hideIn(err, access)
		return AppInfo{}, err
	}
	var info AppInfo
	err = answer.decode("app.info", &info)
	return info, err
}

// GetAppInfo asks the portal itself about the application: INSTALLED, the tariff. The answer is an AppInfo.
func GetAppInfo() Command { return Command{Method: "app.info"} }

// AppInfo asks the portal itself about the application.
func (c *Client) AppInfo(ctx context.Context) (AppInfo, error) {
	return fetch[AppInfo](ctx, c, GetAppInfo())
}
