// Package crm synchronizes the CRM with our data: it writes items, stages, timelines, notifications, letters and files, and reads deals, items and
// what people changed in them.
package crm
