// Package automation is the automation of the fake portal: robots and triggers that the app registers, the rules that people attach to the
// stages of deals, and the badges and configurable activities of the kanban. It follows the pages below
// apidocs.bitrix24.ru/api-reference/bizproc/bizproc-robot, …/crm/automation/triggers and …/crm/timeline/activities/configurable. Where they
// are silent it takes the unpleasant choice: the robots of a stage run one after another, leaving the stage stops them, an update of the
// app removes its triggers too, and a badge outlives the app.
package automation
