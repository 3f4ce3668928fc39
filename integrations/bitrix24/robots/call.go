package robots

import (
	"net/url"
	"strconv"
	"strings"

	"acts24/integrations/bitrix24"
)

// Call is what the portal posts when a robot of ours runs. Nothing in it is trusted: compare Auth.ApplicationToken with the stored one, or verify
// Auth.AccessToken.
type Call struct {
	Code       string
	Token      string      // event_token, by which the run is answered
	Deal       bitrix24.ID // 0 for another kind of document
	Properties map[string]string
	Auth       bitrix24.EventAuth
}

// String hides the tokens from logs.
func (c Call) String() string { return "call of the robot " + c.Code }

// GoString hides the tokens from logs.
func (c Call) GoString() string { return c.String() }

// The longest code and token; those of a portal are much shorter.
const (
	maxCode  = 100
	maxToken = 512
)

// DecodeCall decodes the call of a robot. A call for another kind of document than a deal is decoded too, because its automation waits for an
// answer as well.
func DecodeCall(form url.Values) (Call, error) {
	auth, values, err := bitrix24.DecodePost(form)
	if err != nil {
		return Call{}, err
	}
	c := Call{Code: values["code"], Token: values["event_token"], Auth: auth, Properties: map[string]string{}}
	for field, fault := range map[string]bool{"code": !isPrintable(c.Code, maxCode), "event_token": !isPrintable(c.Token, maxToken)} {
		if fault {
			return Call{}, &bitrix24.FormError{Field: field, Reason: "missing or of a wrong shape"}
		}
	}
	if digits, isDeal := strings.CutPrefix(values["document_id.2"], "DEAL_"); isDeal && values["document_id.0"] == "crm" {
		if id, err := strconv.ParseInt(digits, 10, 64); err == nil && id > 0 {
			c.Deal = bitrix24.ID(id)
		}
	}
	for path, v := range values {
		if name, found := strings.CutPrefix(path, "properties."); found {
			c.Properties[name] = strings.ToValidUTF8(strings.ReplaceAll(v, "\x00", ""), "")
		}
	}
	return c, nil
}

// isPrintable reports whether s is 1 to limit characters of printable ASCII without spaces.
func isPrintable(s string, limit int) bool {
	return s != "" && len(s) <= limit && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}
