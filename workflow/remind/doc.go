// Package remind processes due reminders and digests. Which reminder an act needs is decided in package workflow, after each change of the act.
package remind
