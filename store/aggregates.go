package store

import (
	"acts24/store/accounts"
	"acts24/store/people"
	"acts24/store/plans"
	"acts24/store/robots"
)

// The aggregates. A Scope returns the types without the suffix Tx, which only read; those of a Tx also write.
type (
	// Acts reads acts with their lines, numbers, files and history.
	Acts struct{ reads }
	// ActsTx reads and writes acts with their lines, numbers, files and history.
	ActsTx struct {
		Acts
		writes
	}

	// Bulks reads bulk actions with their acts.
	Bulks struct{ reads }
	// BulksTx reads and writes bulk actions with their acts.
	BulksTx struct {
		Bulks
		writes
	}

	// Companies reads companies of ours.
	Companies struct{ reads }
	// CompaniesTx reads and writes companies of ours.
	CompaniesTx struct {
		Companies
		writes
	}

	// Deals reads copies of deals with their rows.
	Deals struct{ reads }
	// DealsTx reads and writes copies of deals with their rows.
	DealsTx struct {
		Deals
		writes
	}

	// Digests reads the morning summaries of employees.
	Digests struct{ reads }
	// DigestsTx reads and writes the morning summaries of employees.
	DigestsTx struct {
		Digests
		writes
	}

	// Documents reads attempts to exchange acts through SBIS.
	Documents struct{ reads }
	// DocumentsTx reads and writes attempts to exchange acts through SBIS.
	DocumentsTx struct {
		Documents
		writes
	}

	// Files reads stored files.
	Files struct{ reads }
	// FilesTx reads and writes stored files.
	FilesTx struct {
		Files
		writes
	}

	// Installs reads the installation on the portal.
	Installs struct{ reads }
	// InstallsTx reads and writes the installation on the portal.
	InstallsTx struct {
		Installs
		writes
	}

	// Letters reads e-mails to counterparties.
	Letters struct{ reads }
	// LettersTx reads and writes e-mails to counterparties.
	LettersTx struct {
		Letters
		writes
	}

	// Portals reads the portal itself: its names, tokens, settings and incidents.
	Portals struct{ reads }
	// PortalsTx reads and writes the portal itself: its names, tokens, settings and incidents.
	PortalsTx struct {
		Portals
		writes
	}

	// Questions reads questions to counterparties and their answers.
	Questions struct{ reads }
	// QuestionsTx reads and writes questions to counterparties and their answers.
	QuestionsTx struct {
		Questions
		writes
	}

	// Reminders reads reminders of acts.
	Reminders struct{ reads }
	// RemindersTx reads and writes reminders of acts.
	RemindersTx struct {
		Reminders
		writes
	}
)

// Accounts reads accounts at SBIS with their certificates.
func (s Scope) Accounts() accounts.Scope { return accounts.ScopeOf(s.reads) }

// Accounts reads and writes accounts at SBIS with their certificates.
func (tx Tx) Accounts() accounts.Tx { return accounts.TxOf(tx.reads, tx.Writing) }

// Acts reads acts with their lines, numbers, files and history.
func (s Scope) Acts() Acts { return Acts(s) }

// Acts reads and writes acts with their lines, numbers, files and history.
func (tx Tx) Acts() ActsTx { return ActsTx{Acts{tx.reads}, tx.writes} }

// Bulks reads bulk actions with their acts.
func (s Scope) Bulks() Bulks { return Bulks(s) }

// Bulks reads and writes bulk actions with their acts.
func (tx Tx) Bulks() BulksTx { return BulksTx{Bulks{tx.reads}, tx.writes} }

// Companies reads companies of ours.
func (s Scope) Companies() Companies { return Companies(s) }

// Companies reads and writes companies of ours.
func (tx Tx) Companies() CompaniesTx { return CompaniesTx{Companies{tx.reads}, tx.writes} }

// Counterparties reads what SBIS reported about counterparties, and their invitations.
func (s Scope) Counterparties() accounts.Counterparties {
	return accounts.CounterpartiesOf(s.reads)
}

// Counterparties reads and writes what SBIS reported about counterparties, and their invitations.
func (tx Tx) Counterparties() accounts.CounterpartiesTx {
	return accounts.CounterpartiesTxOf(tx.reads, tx.Writing)
}

// Deals reads copies of deals with their rows.
func (s Scope) Deals() Deals { return Deals(s) }

// Deals reads and writes copies of deals with their rows.
func (tx Tx) Deals() DealsTx { return DealsTx{Deals{tx.reads}, tx.writes} }

// Digests reads the morning summaries of employees.
func (s Scope) Digests() Digests { return Digests(s) }

// Digests reads and writes the morning summaries of employees.
func (tx Tx) Digests() DigestsTx { return DigestsTx{Digests{tx.reads}, tx.writes} }

// Documents reads attempts to exchange acts through SBIS.
func (s Scope) Documents() Documents { return Documents(s) }

// Documents reads and writes attempts to exchange acts through SBIS.
func (tx Tx) Documents() DocumentsTx { return DocumentsTx{Documents{tx.reads}, tx.writes} }

// Files reads stored files.
func (s Scope) Files() Files { return Files(s) }

// Files reads and writes stored files.
func (tx Tx) Files() FilesTx { return FilesTx{Files{tx.reads}, tx.writes} }

// Installs reads the installation on the portal.
func (s Scope) Installs() Installs { return Installs(s) }

// Installs reads and writes the installation on the portal.
func (tx Tx) Installs() InstallsTx { return InstallsTx{Installs{tx.reads}, tx.writes} }

// Letters reads e-mails to counterparties.
func (s Scope) Letters() Letters { return Letters(s) }

// Letters reads and writes e-mails to counterparties.
func (tx Tx) Letters() LettersTx { return LettersTx{Letters{tx.reads}, tx.writes} }

// People reads employees, their departments and their rights.
func (s Scope) People() people.Scope { return people.ScopeOf(s.reads) }

// People reads and writes employees, their departments and their rights.
func (tx Tx) People() people.Tx { return people.TxOf(tx.reads, tx.Writing) }

// Plans reads the plans of monthly acts.
func (s Scope) Plans() plans.Scope { return plans.ScopeOf(s.reads) }

// Plans reads and writes the plans of monthly acts.
func (tx Tx) Plans() plans.Tx { return plans.TxOf(tx.reads, tx.Writing) }

// Portals reads the portal itself: its names, tokens, settings and incidents.
func (s Scope) Portals() Portals { return Portals(s) }

// Portals reads and writes the portal itself: its names, tokens, settings and incidents.
func (tx Tx) Portals() PortalsTx { return PortalsTx{Portals{tx.reads}, tx.writes} }

// Questions reads questions to counterparties and their answers.
func (s Scope) Questions() Questions { return Questions(s) }

// Questions reads and writes questions to counterparties and their answers.
func (tx Tx) Questions() QuestionsTx { return QuestionsTx{Questions{tx.reads}, tx.writes} }

// Reminders reads reminders of acts.
func (s Scope) Reminders() Reminders { return Reminders(s) }

// Reminders reads and writes reminders of acts.
func (tx Tx) Reminders() RemindersTx { return RemindersTx{Reminders{tx.reads}, tx.writes} }

// Robots reads calls of our robots, triggers to execute, and badges of deals.
func (s Scope) Robots() robots.Scope { return robots.ScopeOf(s.reads) }

// Robots reads and writes calls of our robots, triggers to execute, and badges of deals.
func (tx Tx) Robots() robots.Tx { return robots.TxOf(tx.reads, tx.Writing) }

// Visits reads visits of users.
func (s Scope) Visits() people.Visits { return people.VisitsOf(s.reads) }

// Visits reads and writes visits of users.
func (tx Tx) Visits() people.VisitsTx { return people.VisitsTxOf(tx.reads, tx.Writing) }
