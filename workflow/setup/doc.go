// Package setup installs and repairs the app on a portal, verifies who opens it in a placement and what the portal posts, and keeps the settings:
// companies, accounts, stages, people, days, questions.
package setup
