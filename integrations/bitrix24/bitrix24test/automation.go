package bitrix24test

import (
	"acts24/integrations/bitrix24/bitrix24test/automation"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// automationHost gives the automation access to the portal.
type automationHost struct{ *Portal }

func (h automationHost) Lock()                         { h.mu.Lock() }
func (h automationHost) Unlock()                       { h.mu.Unlock() }
func (h automationHost) Automation() *automation.State { return &h.st.Automation }
func (h automationHost) Changed()                      { h.changed() }
func (h automationHost) NowText() string               { return h.nowText() }
func (h automationHost) HasStage(stage string) bool    { return h.st.stage(Deal, stage) != nil }
func (h automationHost) Activities() *[]Fields         { return &h.st.Activities }
func (h automationHost) NextActivity() int64           { return h.st.next("activity") }
func (h automationHost) OwnHost() string               { return hostOf(h.cloud.App().URL) }
func (h automationHost) StageOf(kind int, id int64) string {
	return php.Text(h.st.records(kind).get(id)["stageId"])
}

func (h automationHost) MaySee(user int64, kind int, id int64) bool {
	return h.st.maySee(h.st.user(user), kind, id)
}

func (h automationHost) IsForward(from, to string) bool {
	a, b := h.st.stage(Deal, from), h.st.stage(Deal, to)
	return a != nil && b != nil && a.EntityID == b.EntityID && a.Semantics == "" && a.Sort < b.Sort
}

func (h automationHost) Move(kind int, id int64, stage string) error {
	r := h.st.records(kind).get(id)
	from := php.Text(r["stageId"])
	if err := h.apply(kind, r, Fields{"stageId": stage}, nil); err != nil {
		return err
	}
	h.Portal.Automation.Moved(kind, id, from)
	return nil
}

func (h automationHost) Post(handler string, payload Fields, user int64, withAppToken bool) {
	h.sender.add(delivery{event: "ROBOT", handler: handler, data: payload, user: user, robot: true, noAppToken: !withAppToken, lost: h.st.EventsLost})
}

// The methods of the automation are methods of the portal.
func init() {
	for name, do := range automation.Methods {
		methods[name] = func(c *call) (any, error) {
			return do(c.Automation, automation.Call{Params: c.p, User: c.user.ID, Admin: c.user.Admin})
		}
	}
}
