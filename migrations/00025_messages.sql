-- +goose Up
SET LOCAL lock_timeout = '3s';

-- A message to several employees, of which a later one replaces the earlier, and the page of the app that it leads to.
ALTER TABLE messages
	ADD COLUMN tag  text NOT NULL DEFAULT '', -- '' when the message replaces no other
	ADD COLUMN page text NOT NULL DEFAULT ''; -- '' for the first page
