// Package dashboards is what is watched: here the JSON API; metrics, Grafana's
// dashboards and the console follow it. What it needs of other rooms it is
// handed as small functions.
package dashboards
