// Package dashboards is what is watched: here the JSON API and the files that
// Prometheus, Alertmanager and Grafana read. metrics says how sites and program
// do, traces follows a job through the rooms, grafana makes the dashboards. What
// the room needs of others it is handed as small functions.
package dashboards
