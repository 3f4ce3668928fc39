package main

import "acts24/acts"

// letterRow is a letter in the database.
type letterRow struct {
	Portal    int
	ID        int64
	Act       int64  // 0 for a question
	Purpose   string // "act", "question", "reminder" or "annulment"
	State     string
	TimesSent int // by the portal

	Deal, Question int64
}

// reminder is a reminder of an act in the database.
type reminder struct {
	Portal    int
	ID, Act   int64
	Kind      string
	Key       string // of its task in the portal
	Due, Sent bool
	Closed    bool  // the act does not wait any more
	Task      int64 // in the portal, 0 for none
}

// statusTask is a task of the portal.
type statusTask struct {
	Portal int
	ID     int64
	Key    string
	Ended  bool
}

// copyRow is a current copy of an act in the database.
type copyRow struct {
	Portal     int
	Act        int64
	Side       acts.Side
	Sum        string // hexadecimal
	CardFileID int64  // in the card of the item
}

// cardFile is a copy in a field of an item.
type cardFile struct {
	Portal int
	Item   int64
	Side   acts.Side
	ID     int64
	Sum    string
}

// answerRow is an answer of a counterparty in the database.
type answerRow struct {
	Portal int
	Deal   int64
	Source string
	Card   string // what the card of the deal shows of it
}

// sentMessage is a message about a deal that must be sent.
type sentMessage struct {
	Portal   int
	ID       int64
	User     int64 // the recipient, 0 for the timeline
	Incident int64 // 0 when it belongs to no incident
	Notice   int64 // that contains it, 0 for none
}

// robotRun is one execution of a robot in the automation of a portal, with what the program has stored about its call.
type robotRun struct {
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

// stageMove is a move of a deal in the history of the portal.
type stageMove struct {
	Portal int
	Deal   int64
	Stage  string // name of the new stage
}

// bulkRow is an act of a bulk action.
type bulkRow struct {
	Portal    int
	Act       int64
	State     string // recorded result
	HandOvers int    // that its history has
	Running   bool   // the bulk action has not ended
}

// badgeRow is the badge of a deal in the kanban.
type badgeRow struct {
	Portal     int
	Deal       int64
	Shown      string
	Activities int // ours that can carry the badge
}
