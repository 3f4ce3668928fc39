package bitrix24

import (
	"encoding/json"
	"strings"
)

// maxOptions is how many options one opening may have.
const maxOptions = 50

// Options is what a place tells about itself in PLACEMENT_OPTIONS (section 2.2).
type Options struct {
	ID     ID                // of the object whose card is open; 0 when there is none yet
	URI    string            // page of the portal around us; often missing, never to be relied on
	Params map[string]string // the parameters of a link to REST_APP_URI and other single values
}

func decodeOptions(f *fieldReader) Options {
	const field = "PLACEMENT_OPTIONS"
	text := f.text(field, func(s string) bool { return len(s) <= maxValue })
	if vacant([]byte(text)) {
		return Options{}
	}
	var raw Fields
	if json.Unmarshal([]byte(text), &raw) != nil || len(raw) > maxOptions {
		f.fail(field, "of a wrong shape")
		return Options{}
	}
	o, ok := options(raw)
	if !ok {
		f.fail(field, "of a wrong shape")
	}
	return o
}

// options sorts single values; nested ones are left out, except that an ID or URI of a wrong shape is refused.
func options(raw Fields) (o Options, ok bool) {
	o.Params = map[string]string{}
	for name, value := range raw {
		text, err := scalar(value)
		switch {
		case name == "ID":
			if ok := err == nil && (text == "" || numberShape(text)); !ok {
				return Options{}, false
			}
			o.ID = number(text)
		case err != nil:
			continue
		case !lineShape(name) || !lineShape(text):
			return Options{}, false
		case name == "URI":
			o.URI = ownPath(text)
		default:
			o.Params[name] = text
		}
	}
	return o, true
}

// ownPath keeps a path inside the portal and drops every other address.
func ownPath(uri string) string {
	if !strings.HasPrefix(uri, "/") || strings.HasPrefix(uri, "//") || strings.Contains(uri, `\`) {
		return ""
	}
	return uri
}
