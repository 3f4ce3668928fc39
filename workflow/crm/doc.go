// Package crm keeps the CRM and our data in step: it writes items, stages, timelines, notifications, letters and files, and reads deals, items and
// what people changed in them.
package crm
