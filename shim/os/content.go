package os

import "slices"

const (
	pageSize   = 4096
	sectorSize = 512
	maxSize    = 1 << 44 // what ext4 allows with 4 KiB blocks
)

type page [pageSize]byte

// content is the bytes of a regular file: as processes see them, and what a crash could bring back. A page
// that is nil is a hole.
type content struct {
	pages []*page
	size  int64
	text  string        // instead of pages: what the file was made with, while nobody has changed it
	load  func() string // makes text when the file is first read

	durable int64         // the size at the last sync
	saved   map[int]*page // pages as they were at the last sync, where they are different now
	shrunk  bool          // cut below durable since the last sync

	mapped *mapping // where programs see the pages
}

// textContent is a durable content. Machines share the text, and few programs ever change it.
func textContent(text string) content {
	return content{text: text, size: int64(len(text)), durable: int64(len(text))}
}

// loaded is the text the file was made with, if it still has it.
func (c *content) loaded() string {
	if f := c.load; f != nil {
		c.load = nil
		c.text = f()
	}
	return c.text
}

// own gives the file pages of its own before it is changed for the first time.
func (c *content) own() {
	text := c.loaded()
	c.text = ""
	for len(text) > 0 {
		pg := new(page)
		text = text[copy(pg[:], text):]
		c.pages = append(c.pages, pg)
	}
}

func (c *content) readAt(p []byte, off int64) int {
	if off >= c.size {
		return 0
	}
	p = p[:min(int64(len(p)), c.size-off)]
	if text := c.loaded(); text != "" {
		return copy(p, text[off:])
	}
	for done := 0; done < len(p); {
		at := off + int64(done)
		start := int(at % pageSize)
		part := p[done:min(len(p), done+pageSize-start)]
		if pg := c.page(int(at / pageSize)); pg != nil {
			copy(part, pg[start:])
		} else {
			clear(part)
		}
		done += len(part)
	}
	return len(p)
}

func (c *content) page(i int) *page {
	if i < len(c.pages) && c.pages[i] != nil {
		return c.pages[i]
	}
	if c.mapped.writable() && i < c.pageCount() {
		return c.mapped.page(i) // a program may have written to it
	}
	return nil
}

// pageCount is how many pages there are up to the end of the file.
func (c *content) pageCount() int { return int((c.size + pageSize - 1) / pageSize) }

// reach makes room for page i.
func (c *content) reach(i int) {
	if i >= len(c.pages) {
		c.pages = slices.Grow(c.pages, i+1-len(c.pages))[:i+1]
	}
}

// resize changes the size, and with it what can be touched of mapped memory.
func (c *content) resize(size int64) {
	if size == c.size {
		return
	}
	before := c.pageCount()
	c.size = size
	if m := c.mapped; m.writable() && m.host != nil && before != c.pageCount() {
		m.host.end(c.pageCount() - m.first)
	}
}

func (c *content) writeAt(p []byte, off int64) {
	c.own()
	c.extend(off + int64(len(p)))
	for len(p) > 0 {
		start := int(off % pageSize)
		n := min(len(p), pageSize-start)
		copy(c.writable(int(off/pageSize), off)[start:], p[:n])
		p, off = p[n:], off+int64(n)
	}
}

// extend makes the file at least this long.
func (c *content) extend(size int64) {
	if size <= c.size {
		return
	}
	if rest := int(c.size % pageSize); rest > 0 && c.mapped.writable() {
		if last := c.mapped.page(int(c.size / pageSize)); last != nil {
			clear(last[rest:]) // what a program wrote there was beyond the end
		}
	}
	c.resize(size)
}

// writable returns page i for a change that begins at position from, after saving what a crash may bring back.
func (c *content) writable(i int, from int64) *page {
	c.reach(i)
	shown := c.mapped.page(i)
	if shown != nil && c.mapped.writable() {
		c.pages[i] = shown // the change will be noticed
		return shown
	}
	pg := c.pages[i]
	copied := c.save(i, from) && pg != nil
	switch {
	case shown != nil:
		pg = shown
	case copied:
		changed := *pg
		pg = &changed
	case pg == nil:
		pg = new(page)
	}
	c.pages[i] = pg
	return pg
}

// save keeps page i as it is, if a change from the given position on touches something durable. It reports
// whether the page now belongs to the past and must be copied.
func (c *content) save(i int, from int64) bool {
	if from >= c.durable {
		return false
	}
	if _, done := c.saved[i]; done {
		return false
	}
	pg := c.page(i)
	if pg != nil && pg == c.mapped.page(i) { // which is going to change in place
		before := *pg
		pg = &before
	}
	c.keep(i, pg)
	return true
}

// keep remembers what page i was at the last sync.
func (c *content) keep(i int, pg *page) {
	if c.saved == nil {
		c.saved = map[int]*page{}
	}
	c.saved[i] = pg
}

func (c *content) truncate(size int64) {
	c.own()
	c.notice()
	if size < c.size {
		c.shrunk = c.shrunk || size < c.durable
		keep := int((size + pageSize - 1) / pageSize)
		for i := keep; i < len(c.pages); i++ {
			c.save(i, int64(i)*pageSize)
			if shown := c.mapped.page(i); shown != nil {
				clear(shown[:])
				delete(c.mapped.seen, i)
			}
			c.pages[i] = nil
		}
		c.pages = c.pages[:min(keep, len(c.pages))]
		if rest := int(size % pageSize); rest > 0 && c.page(keep-1) != nil {
			clear(c.writable(keep-1, size)[rest:])
		}
	}
	c.extend(size)
	c.resize(size)
}

// dirty reports whether a crash could change the file.
func (c *content) dirty() bool {
	return len(c.saved) > 0 || c.size != c.durable || c.mapped.writable()
}

func (c *content) sync() {
	c.notice()
	c.durable, c.saved, c.shrunk = c.size, nil, false
}

// syncRange makes the pages from first to before end durable, and the size.
func (c *content) syncRange(first, end int) {
	if first == 0 && end >= c.pageCount() || c.shrunk {
		c.sync() // a truncation is durable altogether or not
		return
	}
	c.notice()
	for i := int(c.durable / pageSize); i < c.pageCount(); i++ { // what was appended elsewhere is zeros on the disk
		if pg, done := c.saved[i]; !done && (i < first || i >= end) {
			if rest := int(c.durable - int64(i)*pageSize); rest > 0 && c.page(i) != nil {
				old := *c.page(i)
				clear(old[rest:])
				pg = &old
			}
			c.keep(i, pg)
		}
	}
	for i := first; i < end; i++ {
		delete(c.saved, i)
	}
	c.durable = c.size
}

// crash replaces the content by one that a crash may leave.
func (c *content) crash(draw func(kind string, n uint64) uint64) {
	if c.mapped != nil {
		c.notice()
		c.hide()
	}
	if !c.dirty() {
		return
	}
	const lost, kept, mixed = 0, 1, 2
	outcome := draw("unsynced data", 3)
	if outcome == mixed && c.shrunk {
		outcome = lost // a truncation happens or it does not
	}
	switch outcome {
	case lost:
		c.revert(c.durable, func(int, *page) *page { return nil })
	case mixed:
		size := c.size
		if size > c.durable {
			size = c.durable + int64(draw("surviving tail", uint64(size-c.durable)+1))
		}
		c.revert(size, func(i int, old *page) *page {
			if size > c.durable && int64(i) == c.durable/pageSize {
				return c.pages[i] // data gets to the disk before the size that shows it
			}
			return tear(c.page(i), old, int(draw("surviving sectors", pageSize/sectorSize+1)))
		})
	}
	c.sync()
}

// revert cuts the file to size and replaces every saved page by what choose returns, or by the old page when
// that is nil.
func (c *content) revert(size int64, choose func(i int, old *page) *page) {
	numbers := make([]int, 0, len(c.saved))
	for i := range c.saved {
		numbers = append(numbers, i)
	}
	slices.Sort(numbers)
	for _, i := range numbers {
		c.reach(i)
		old := c.saved[i]
		if chosen := choose(i, old); chosen != nil {
			c.pages[i] = chosen
		} else {
			c.pages[i] = old
		}
	}
	c.saved, c.durable, c.size = nil, 0, max(c.size, size)
	c.truncate(size)
}

// tear returns a page whose first sectors are new and whose others are old; nil stands for old altogether.
func tear(changed, old *page, sectors int) *page {
	if sectors == 0 || changed == nil {
		return nil
	}
	if sectors == pageSize/sectorSize {
		return changed
	}
	var torn page
	if old != nil {
		torn = *old
	}
	copy(torn[:sectors*sectorSize], changed[:])
	return &torn
}

// blocks is the number of 512-byte blocks that are not holes.
func (c *content) blocks() int64 {
	n := int64(0)
	if c.text != "" || c.load != nil {
		n = (c.size + pageSize - 1) / pageSize
	}
	for _, pg := range c.pages {
		if pg != nil {
			n++
		}
	}
	return n * (pageSize / sectorSize)
}
