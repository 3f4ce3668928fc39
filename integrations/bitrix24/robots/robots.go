// Package robots registers robots in the automation of a portal, decodes their calls and answers them (docs/contracts/bitrix24.md, "Robots").
package robots

import (
	"errors"
	"strings"

	"acts24/integrations/bitrix24"
)

// Draft is a robot to register. The automation waits for SendResult.
type Draft struct {
	Code, Name, About, Handler string
	User                       bitrix24.ID // whose token its calls carry
	Properties, Returns        []Property
}

// Property is a setting of a robot, or a part of its result: one of the options, if there are any, else a text. An option is a value and its title.
type Property struct {
	Name, Title, About string
	Options            [][2]string
}

// dealDocument is the type of document for which our robots are offered.
var dealDocument = []string{"crm", "CCrmDocumentDeal", "DEAL"}

func (d Draft) fields() bitrix24.Params {
	p := bitrix24.Params{"HANDLER": d.Handler, "NAME": d.Name, "USE_SUBSCRIPTION": "Y", "PROPERTIES": propertiesOf(d.Properties), "RETURN_PROPERTIES": propertiesOf(d.Returns),
		"DOCUMENT_TYPE": dealDocument, "FILTER": bitrix24.Params{"INCLUDE": [][]string{dealDocument}}}
	if d.About != "" {
		p["DESCRIPTION"] = d.About
	}
	if d.User != 0 {
		p["AUTH_USER_ID"] = int64(d.User)
	}
	return p
}

func propertiesOf(list []Property) bitrix24.Params {
	out := bitrix24.Params{}
	for _, one := range list {
		p := bitrix24.Params{"Name": one.Title, "Type": "string"}
		if one.About != "" {
			p["Description"] = one.About
		}
		if len(one.Options) > 0 {
			options := bitrix24.Params{}
			for _, o := range one.Options {
				options[o[0]] = o[1]
			}
			p["Type"], p["Options"] = "select", options
		}
		out[one.Name] = p
	}
	return out
}

// Add registers a robot; a registered code is an error for which IsDuplicate is true.
func Add(d Draft) bitrix24.Command {
	p := d.fields()
	p["CODE"] = d.Code
	return bitrix24.Command{Method: "bizproc.robot.add", Params: p}
}

// Update replaces the fields of a registered robot.
func Update(d Draft) bitrix24.Command {
	return bitrix24.Command{Method: "bizproc.robot.update", Params: bitrix24.Params{"CODE": d.Code, "FIELDS": d.fields()}}
}

// List reads the codes of our robots; the answer is a List of Text.
func List() bitrix24.Command { return bitrix24.Command{Method: "bizproc.robot.list"} }

// IsDuplicate reports whether a robot with this code is registered. ERROR_ACTIVITY_ADD_FAILURE also stands for a failure of the portal, which
// has another text.
func IsDuplicate(err error) bool {
	var e *bitrix24.Error
	if !errors.As(err, &e) {
		return false
	}
	return strings.EqualFold(e.Code, "ERROR_ACTIVITY_ALREADY_INSTALLED") ||
		strings.EqualFold(e.Code, "ERROR_ACTIVITY_ADD_FAILURE") && strings.Contains(strings.ToLower(e.Text), "already added")
}

// SendResult ends the waiting of a robot. A token that is unknown or already used is an error for which bitrix24.IsAccessDenied is true.
func SendResult(token string, values map[string]string, log string) bitrix24.Command {
	returned := bitrix24.Params{}
	for name, v := range values {
		returned[name] = v
	}
	return bitrix24.Command{Method: "bizproc.event.send", Params: bitrix24.Params{"EVENT_TOKEN": token, "RETURN_VALUES": returned, "LOG_MESSAGE": log}}
}
