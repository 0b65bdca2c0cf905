package cpp

import (
	"sync"

	"navigator/indexer"
)

// memo remembers what was computed for a key: about as much as its limit, of
// what was asked for last. It has two generations. When the younger has half of
// the limit the older is forgotten, and the younger takes its place; what is
// found in the older gets younger.
type memo[K comparable, V any] struct {
	limit int         // of the weights of all values
	weigh func(V) int // nil when each is 1

	mu         sync.Mutex
	young, old map[K]V
	weight     int // of young
}

func (m *memo[K, V]) get(key K, compute func() V) V {
	m.mu.Lock()
	v, ok := m.young[key]
	if !ok {
		if v, ok = m.old[key]; ok {
			m.add(key, v)
		}
	}
	m.mu.Unlock()
	if ok {
		return v
	}
	v = compute()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.add(key, v)
	return v
}

// add puts a value into the younger generation.
func (m *memo[K, V]) add(key K, v V) {
	if m.weight >= m.limit/2 {
		m.old, m.young, m.weight = m.young, nil, 0
	}
	if m.young == nil {
		m.young = make(map[K]V)
	}
	if _, ok := m.young[key]; ok {
		return // another was faster
	}
	m.young[key] = v
	if m.weigh == nil {
		m.weight++
	} else {
		m.weight += m.weigh(v)
	}
}

// sizeOf returns about how many bytes a code takes, its text apart.
func sizeOf(c *indexer.Code) int {
	return 128 + 16*cap(c.Lexemes) + 8*cap(c.Directives) + 4*cap(c.Lines)
}
