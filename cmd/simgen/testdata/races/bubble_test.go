//go:build go1.25

package races

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestOrderedBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x, y, ch := 0, 0, make(chan bool)
		go func() { x = 1 }()
		go func() {
			y = 1
			<-ch
		}()
		synctest.Wait()
		x++
		y++
		time.AfterFunc(time.Second, func() { x++ })
		time.Sleep(2 * time.Second)
		synctest.Wait()
		x++
		close(ch)
	})
}

func TestRacyBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := 0
		go func() { x++ }()
		time.Sleep(time.Second)
		x++
	})
}
