// Library is a server that tries what the standard library does on its own with
// channels, maps and atomics, and listens if all came out right.
package main

import (
	"fmt"
	"log"
	"net"
	"reflect"
	"sort"
	"sync"
	"time"
)

func main() {
	for _, f := range []func() error{reflectChannels, reflectSelect, reflectClose, reflectMaps, syncMap} {
		if err := f(); err != nil {
			log.Fatal(err)
		}
	}
	l, err := net.Listen("tcp", ":7000")
	if err != nil {
		log.Fatal(err)
	}
	log.Print("all came out right")
	for {
		c, err := l.Accept()
		if err != nil {
			log.Fatal(err)
		}
		c.Close()
	}
}

// Typed and untyped operations meet on one channel, with and without a buffer,
// whoever waits for whom.
func reflectChannels() error {
	type pair struct {
		name string
		p    *int
	}
	for size := range 3 {
		ch, back := make(chan pair, size), make(chan pair, size)
		in, out := reflect.ValueOf(ch), reflect.ValueOf(back)
		if in.TrySend(reflect.ValueOf(pair{})) != (size > 0) {
			return fmt.Errorf("a send to a channel of %d goes through at the wrong time", size)
		}
		if size > 0 {
			<-ch
		}
		go func() {
			for {
				v, ok := in.Recv()
				if !ok {
					close(back)
					return
				}
				time.Sleep(time.Microsecond)
				out.Send(v)
			}
		}()
		go func() {
			for i := range 5 {
				ch <- pair{fmt.Sprint(i), &i}
			}
			in.Close()
		}()
		n := 0
		for v := range back {
			if v.name != fmt.Sprint(n) || *v.p != n {
				return fmt.Errorf("got %v, want %d", v, n)
			}
			n++
		}
		if n != 5 {
			return fmt.Errorf("got %d of 5", n)
		}
	}
	return nil
}

func reflectSelect() error {
	ints, strs, done := make(chan int), make(chan string), make(chan bool)
	go func() {
		for i := range 10 {
			ints <- i
		}
		close(done)
	}()
	go func() {
		for s := range strs {
			_ = s
		}
	}()
	cases := []reflect.SelectCase{
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(ints)},
		{Dir: reflect.SelectSend, Chan: reflect.ValueOf(strs), Send: reflect.ValueOf("a")},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(done)},
		{Dir: reflect.SelectRecv},
	}
	for next := 0; ; {
		switch i, v, ok := reflect.Select(cases); i {
		case 0:
			if !ok || int(v.Int()) != next {
				return fmt.Errorf("received %v, %v, want %d", v, ok, next)
			}
			next++
		case 1:
			time.Sleep(time.Microsecond)
		case 2:
			if ok || next != 10 {
				return fmt.Errorf("ended at %d", next)
			}
			close(strs)
			if i, _, _ := reflect.Select(append(cases[:1:1], reflect.SelectCase{Dir: reflect.SelectDefault})); i != 1 {
				return fmt.Errorf("chose %d instead of the default case", i)
			}
			return nil
		}
	}
}

// Closing through reflect wakes receivers with the zero value and senders with
// a panic.
func reflectClose() error {
	ch, woken := make(chan int), make(chan string)
	go func() {
		defer func() { woken <- fmt.Sprint(recover()) }()
		reflect.ValueOf(ch).Send(reflect.ValueOf(1))
	}()
	time.Sleep(time.Millisecond)
	reflect.ValueOf(ch).Close()
	if got := <-woken; got != "send on closed channel" {
		return fmt.Errorf("the sender ended with %q", got)
	}
	return nil
}

// The order of a map takes part in what the program does, so a difference
// between two runs of a seed shows.
func reflectMaps() error {
	m := map[string]int{}
	for i := range 20 {
		m[fmt.Sprint("key ", i)] = i
	}
	sum, pause := 0, time.Duration(0)
	it := reflect.ValueOf(m).MapRange()
	for it.Next() {
		sum += int(it.Value().Int())
		pause = pause*3 + time.Duration(it.Value().Int())
		delete(m, it.Key().String())
	}
	time.Sleep(pause % time.Second)
	if sum != 190 || len(m) != 0 {
		return fmt.Errorf("the entries of a map add up to %d and leave %d", sum, len(m))
	}
	byPointer := map[*int]bool{new(int): true}
	reflect.ValueOf(byPointer).SetMapIndex(reflect.ValueOf(new(int)), reflect.ValueOf(true))
	keys := reflect.ValueOf(byPointer).MapKeys()
	if len(keys) != 2 || !byPointer[keys[1].Interface().(*int)] {
		return fmt.Errorf("the keys are %v", keys)
	}
	return nil
}

// How long a lookup takes natively depends on a hash of the host process.
func syncMap() error {
	var m sync.Map
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := range 40 {
				m.Store(fmt.Sprint(i, j), j)
				if _, ok := m.Load(fmt.Sprint(i, j)); !ok {
					log.Fatal("an entry is gone")
				}
				m.LoadOrStore(j, i)
			}
		}()
	}
	wg.Wait()
	var numbers []int
	m.Range(func(k, v any) bool {
		if n, ok := k.(int); ok {
			numbers = append(numbers, n)
		}
		return true
	})
	sort.Ints(numbers)
	if len(numbers) != 40 || numbers[39] != 39 {
		return fmt.Errorf("the keys are %v", numbers)
	}
	return nil
}
