// Package list reads lists of acts and deals: the registry with its filters, search and counts, the report, exports and
// deals without acts.
package list
