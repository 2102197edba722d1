package lambda

import (
	"sync"
	"time"
)

// treeEvery is how many readings of the runtime alone, which are cheap, go with
// one of all processes of the function, which is not.
const treeEvery = 10

// memoryGauge reads how much memory the processes of an environment use: at an
// interval while there is work, and when the runtime answers.
type memoryGauge struct {
	supervisor int  // process id; its children are the function's processes
	itself     bool // the supervisor is the function's process

	mu    sync.Mutex // guards all below
	peak  int64
	main  *processStatus // of the runtime, once it was found
	timer *time.Timer
	ended bool

	readings int
	measured time.Time // when the peak was last asked of the system
}

// watch calls check every memoryInterval from now on until it answers false.
func (g *memoryGauge) watch(check func() bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.ended {
		return
	}
	if g.timer != nil {
		g.timer.Reset(memoryInterval)
		return
	}
	g.timer = time.AfterFunc(memoryInterval, func() {
		if check() {
			g.watch(nil)
		}
	})
}

// used is the resident memory now, in bytes.
func (g *memoryGauge) used() int64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.ended {
		return 0
	}
	g.find()
	used := g.main.resident()
	if g.readings%treeEvery == 0 {
		used = max(used, treeMemory(g.supervisor, g.itself))
	}
	g.readings++
	g.peak = max(g.peak, used)
	return used
}

func (g *memoryGauge) find() {
	if g.main == nil {
		g.main = openProcessStatus(g.supervisor, g.itself)
	}
}

// measure is the largest use so far, in bytes; zero when it cannot be known. The system
// is asked at most once in measureInterval: it takes as long as all else that is done
// for a quick invocation.
func (g *memoryGauge) measure(now time.Time) int64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.ended || (g.peak > 0 && now.Sub(g.measured) < measureInterval) {
		return g.peak
	}
	g.measured = now
	g.find()
	g.peak = max(g.peak, g.main.peak())
	return g.peak
}

func (g *memoryGauge) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ended = true
	if g.timer != nil {
		g.timer.Stop()
	}
	g.main.close()
}
