package rules

import (
	"crypto/sha256"

	"acts24/acts"
)

// Form is a form of an act that was sent to the program until it was acknowledged.
type Form struct {
	Portal int // number of the portal in the world
	Key    string
	Act    int64 // that the response named
}

// PaperAct is an act on paper with the actions of people.
type PaperAct struct {
	Portal  int // number of the portal in the world
	Act     int64
	ByEmail bool // it was sent by e-mail, not by post
	Copies  []UploadedCopy
	Status  acts.Status // that people have set
}

// UploadedCopy is an uploaded copy of a paper act.
type UploadedCopy struct {
	Side acts.Side
	Sum  [sha256.Size]byte
}

// Letter is a letter in the database.
type Letter struct {
	Portal    int
	ID        int64
	Act       int64  // 0 for a question
	Purpose   string // "act", "question", "reminder" or "annulment"
	State     string
	TimesSent int // by the portal

	Deal, Question int64
}

// Reminder is a reminder of an act in the database.
type Reminder struct {
	Portal    int
	ID, Act   int64
	Kind      string
	Key       string // of its task in the portal
	Due, Sent bool
	Closed    bool  // the act does not wait any more
	Task      int64 // in the portal, 0 for none
}

// StatusTask is a task of the portal.
type StatusTask struct {
	Portal int
	ID     int64
	Key    string
	Ended  bool
}

// Copy is a current copy of an act in the database.
type Copy struct {
	Portal     int
	Act        int64
	Side       acts.Side
	Sum        string // hexadecimal
	CardFileID int64  // in the card of the item
}

// CardFile is a copy in a field of an item.
type CardFile struct {
	Portal int
	Item   int64
	Side   acts.Side
	ID     int64
	Sum    string
}

// Answer is an answer of a counterparty in the database.
type Answer struct {
	Portal int
	Deal   int64
	Source string
	Card   string // what the card of the deal shows of it
}

// Message is a message about a deal that must be sent.
type Message struct {
	Portal   int
	ID       int64
	User     int64 // the recipient, 0 for the timeline
	Incident int64 // 0 when it belongs to no incident
	Notice   int64 // that contains it, 0 for none
}

// RobotRun is one execution of a robot in the automation of a portal, with what the program has stored about its call.
type RobotRun struct {
	Portal   int
	Deal     int64
	Robot    string
	Token    string
	State    string // of the automation
	Answers  int    // that the automation accepted
	Accepted int    // calls that a replica has acknowledged
	Outcome  string // in the answer
	Act      int64  // in the answer

	Stored        int // rows in the database
	StoredAct     int64
	StoredOutcome string
}

// StageMove is a move of a deal in the history of the portal.
type StageMove struct {
	Portal int
	Deal   int64
	Stage  string // name of the new stage
}

// BulkRow is an act of a bulk action.
type BulkRow struct {
	Portal    int
	Act       int64
	State     string // recorded result
	HandOvers int    // that its history has
	Running   bool   // the bulk action has not ended
}

// Badge is the badge of a deal in the kanban.
type Badge struct {
	Portal     int
	Deal       int64
	Shown      string
	Activities int // ours that can carry the badge
}
