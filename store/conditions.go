package store

import (
	"cmp"

	"acts24/acts"
)

// NotHandedOver asks for electronic acts that are not at the operator.
const NotHandedOver = "none"

// Conditions narrow acts by what their document is; their zero value is all acts.
type Conditions struct {
	PartyKind  acts.PartyKind
	Channel    acts.Channel
	Delivery   string // of an electronic act; NotHandedOver for the empty one
	Operator   string // prefix
	Own        acts.CompanyID
	Stage      string // of the deal
	NoOriginal bool   // signed on paper, and the original has not come
}

// withoutOriginal is as its index has it.
const withoutOriginal = `a.medium = 'paper' AND a.original_on IS NULL AND a.status <> 'annulled' AND (a.status = 'signed' OR a.scan_on IS NOT NULL)`

// further are the conditions on the act a. The stage is asked act by act: EXISTS would first gather all deals in it.
const further = ` AND (:kind = '' OR a.party_kind = :kind) AND (:channel = '' OR a.channel = :channel)
	AND (NOT CAST(:delivered AS boolean) OR a.medium = 'electronic' AND a.delivery = :delivery)
	AND (:operator = '' OR a.operator = :operator) AND (CAST(:own AS bigint) = 0 OR a.own_company_id = :own)
	AND (:stage = '' OR (SELECT s.stage_id FROM deals s WHERE s.portal_id = :portal AND s.id = a.deal_id) = :stage)
	AND (NOT CAST(:no_original AS boolean) OR ` + withoutOriginal + `) `

func (c Conditions) into(a args) {
	a["kind"], a["channel"], a["operator"], a["own"] = string(c.PartyKind), string(c.Channel), c.Operator, int64(c.Own)
	a["delivered"], a["delivery"], a["stage"], a["no_original"] = c.Delivery != "", c.Delivery, c.Stage, c.NoOriginal
	if c.Delivery == NotHandedOver {
		a["delivery"] = string(acts.NotHanded)
	}
}

// mostDeals is how many deals of a stage are looked up by themselves. A stage with more of them is found soon among the newest acts.
const mostDeals = 1000

// findStage is the first step of a search by stage.
const findStage = `(SELECT coalesce(jsonb_agg(q.id), '[]') FROM (SELECT s.id FROM deals s WHERE s.portal_id = :portal AND s.stage_id = :stage ORDER BY s.id DESC LIMIT :most_deals) q) AS staged`

// Ways to the acts that fulfil a condition.
var (
	byOriginal = foundAct + ` AND ` + withoutOriginal
	byOperator = foundAct + ` AND a.operator = :operator AND a.operator <> ''`
	byOwn      = foundAct + ` AND a.own_company_id = :own`
	byDelivery = foundAct + ` AND a.medium = 'electronic' AND a.delivery = :delivery`
	byChannel  = foundAct + ` AND a.channel = :channel`
	byStage    = newestOf(eachOf(`CAST(:staged AS bigint[])`, `a.deal_id = v.x`))
	byType     = newestOf(`SELECT a.id, a.act_date FROM unnest(CAST(:media AS text[]), CAST(:kinds AS text[])) AS v (medium, kind) CROSS JOIN LATERAL (` +
		foundKey + ` AND a.medium = v.medium AND a.party_kind = v.kind` + newest + `) a`)
)

// types are the pairs of medium and party kind that a filter leaves.
func (f ActFilter) types() (media, kinds []string) {
	for _, m := range []acts.Medium{acts.Paper, acts.Electronic} {
		for _, k := range []acts.PartyKind{acts.Person, acts.Company} {
			if m == cmp.Or(f.Medium, m) && k == cmp.Or(f.PartyKind, k) {
				media, kinds = append(media, string(m)), append(kinds, string(k))
			}
		}
	}
	return media, kinds
}

// narrowWay is the index for conditions that few acts fulfil, "" when none of them is asked.
func (f ActFilter) narrowWay(staged int) string {
	switch {
	case f.Stage != "" && staged <= mostDeals:
		return byStage
	case f.NoOriginal:
		return byOriginal
	case f.Delivery != "":
		return byDelivery
	}
	return ""
}

// wideWay is the index for conditions that new and old acts fulfil alike. A status goes before them: new acts are in others than old ones.
func (f ActFilter) wideWay() string {
	switch {
	case f.Operator != "":
		return byOperator
	case f.Channel != "":
		return byChannel
	case f.Own != 0:
		return byOwn
	case f.Medium != "" || f.PartyKind != "":
		return byType
	}
	return byDate
}
