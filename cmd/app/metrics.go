package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"acts24/store"
	"acts24/store/queue"
)

// metrics are what an operator watches: requests, calls to remote systems, background work and pools. Labels never hold names, addresses
// or ids of portals, so their number is bounded.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec // seconds by route and status
	calls    *prometheus.HistogramVec // seconds by remote system and outcome
	steps    *prometheus.CounterVec   // units of background work by kind and outcome
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "acts24_request_seconds",
			Help: "Duration of answered requests by route pattern and status.", Buckets: []float64{.005, .02, .1, .5, 2, 10}}, []string{"route", "status"}),
		calls: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "acts24_call_seconds",
			Help: "Duration of calls to remote systems by system and outcome: the status of the answer, or error.", Buckets: []float64{.05, .2, 1, 5, 20, 60}}, []string{"remote", "outcome"}),
		steps: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "acts24_work_total",
			Help: "Units of background work by kind and outcome, done or failed."}, []string{"kind", "outcome"}),
	}
	m.registry.MustRegister(m.requests, m.calls, m.steps, collectors.NewGoCollector(), collectors.NewBuildInfoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// addDatabase adds the metrics of the database: the background work over all portals, read through work, and the pools by name.
func (m *metrics) addDatabase(work *store.DB, pools map[string]*store.DB) {
	m.registry.MustRegister(&queueCollector{db: work}, poolCollector(pools))
}

// request records an answered request.
func (m *metrics) request(route string, status int, took time.Duration) {
	if route == "" {
		route = "unknown"
	}
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Observe(took.Seconds())
}

// step records a unit of background work.
func (m *metrics) step(kind string, err error) {
	outcome := "done"
	if err != nil {
		outcome = "failed"
	}
	m.steps.WithLabelValues(kind, outcome).Inc()
}

// remote measures the calls to a remote system.
func (m *metrics) remote(name func(*http.Request) string, next http.RoundTripper) http.RoundTripper {
	return measured{m: m, name: name, next: next}
}

type measured struct {
	m    *metrics
	name func(*http.Request) string
	next http.RoundTripper
}

func (t measured) RoundTrip(r *http.Request) (*http.Response, error) {
	start := time.Now()
	answer, err := t.next.RoundTrip(r)
	outcome := "error"
	if err == nil {
		outcome = strconv.Itoa(answer.StatusCode)
	}
	t.m.calls.WithLabelValues(t.name(r), outcome).Observe(time.Since(start).Seconds())
	return answer, err
}

// serve answers GET /metrics on an internal address until ctx is cancelled.
func (m *metrics) serve(ctx context.Context, addr string, log *slog.Logger) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listen for metrics: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError}))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second}
	context.AfterFunc(ctx, func() { server.Close() })
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.ErrorContext(ctx, "metrics are no longer served", "err", err)
		}
	}()
	return nil
}

// queueCollector reads the state of the background work when the metrics are read, at most once in ten seconds.
type queueCollector struct {
	db *store.DB

	mu   sync.Mutex
	at   time.Time
	last queue.Overview
}

const overviewAge = 10 * time.Second

var (
	queueWaiting = prometheus.NewDesc("acts24_queue_tasks", "Tasks that wait for delivery, by kind.", []string{"kind"}, nil)
	queueDead    = prometheus.NewDesc("acts24_queue_dead_tasks", "Tasks that ended without success and wait for a person, by kind.", []string{"kind"}, nil)
	queueAge     = prometheus.NewDesc("acts24_queue_oldest_seconds", "Age of the oldest waiting task, by kind.", []string{"kind"}, nil)
	breakersOpen = prometheus.NewDesc("acts24_breakers_open", "Remote systems that are not called because they do not answer.", []string{"remote"}, nil)
	portalStates = prometheus.NewDesc("acts24_portals", "Portals by state.", []string{"state"}, nil)
	overviewOK   = prometheus.NewDesc("acts24_overview_up", "Whether the state of the background work could be read.", nil, nil)
)

// Describe implements prometheus.Collector.
func (c *queueCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{queueWaiting, queueDead, queueAge, breakersOpen, portalStates, overviewOK} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (c *queueCollector) Collect(ch chan<- prometheus.Metric) {
	o, err := c.overview()
	up := 1.0
	if err != nil {
		up = 0
	}
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	gauge(overviewOK, up)
	if err != nil {
		return
	}
	for _, k := range o.Kinds {
		gauge(queueWaiting, float64(k.Waiting), k.Kind)
		gauge(queueDead, float64(k.Dead), k.Kind)
		gauge(queueAge, k.Age, k.Kind)
	}
	gauge(breakersOpen, float64(o.CRMBreakers), "bitrix24")
	gauge(breakersOpen, float64(o.EDOBreakers), "sbis")
	for state, n := range o.Portals {
		gauge(portalStates, float64(n), state)
	}
}

func (c *queueCollector) overview() (queue.Overview, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.at) < overviewAge {
		return c.last, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	o, err := queue.OverviewOf(ctx, c.db)
	if err == nil {
		c.at, c.last = time.Now(), o
	}
	return o, err
}

// poolCollector reads the state of the pools of connections to PostgreSQL.
type poolCollector map[string]*store.DB

var (
	poolOpen    = prometheus.NewDesc("acts24_pool_connections", "Open connections to PostgreSQL, by pool.", []string{"pool"}, nil)
	poolBusy    = prometheus.NewDesc("acts24_pool_connections_busy", "Connections to PostgreSQL in use, by pool.", []string{"pool"}, nil)
	poolLimit   = prometheus.NewDesc("acts24_pool_connections_limit", "Most connections to PostgreSQL, by pool.", []string{"pool"}, nil)
	poolWaited  = prometheus.NewDesc("acts24_pool_waits_total", "How often work waited for a connection, by pool.", []string{"pool"}, nil)
	poolWaiting = prometheus.NewDesc("acts24_pool_wait_seconds_total", "How long work waited for a connection, by pool.", []string{"pool"}, nil)
)

// Describe implements prometheus.Collector.
func (poolCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{poolOpen, poolBusy, poolLimit, poolWaited, poolWaiting} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (c poolCollector) Collect(ch chan<- prometheus.Metric) {
	for name, db := range c {
		s := db.Stats()
		ch <- prometheus.MustNewConstMetric(poolOpen, prometheus.GaugeValue, float64(s.OpenConnections), name)
		ch <- prometheus.MustNewConstMetric(poolBusy, prometheus.GaugeValue, float64(s.InUse), name)
		ch <- prometheus.MustNewConstMetric(poolLimit, prometheus.GaugeValue, float64(s.MaxOpenConnections), name)
		ch <- prometheus.MustNewConstMetric(poolWaited, prometheus.CounterValue, float64(s.WaitCount), name)
		ch <- prometheus.MustNewConstMetric(poolWaiting, prometheus.CounterValue, s.WaitDuration.Seconds(), name)
	}
}
