// Package question asks a counterparty about the way of exchange when a person wants it, serves the public form, and reminds of questions without an
// answer. Questions that are asked automatically, and what an answer means for acts, are in package workflow.
package question
