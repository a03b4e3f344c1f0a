package redis

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// opTimeout is how long the client waits for an answer. A crash or a partition makes it wait in vain.
const opTimeout = time.Second

// newClient returns a client of the server at addr that tries everything once: were a set sent twice, the second might overwrite
// what came after the first.
func newClient(addr string) *redis.Client {
	c := redis.NewClient(&redis.Options{
		Addr:                     addr,
		Protocol:                 2,
		DialTimeout:              opTimeout,
		ReadTimeout:              opTimeout,
		WriteTimeout:             opTimeout,
		MaxRetries:               -1,
		DialerRetries:            1,
		PoolSize:                 2,
		DisableIdentity:          true, // neither server knows CLIENT SETINFO
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	})
	c.AddHook(noHello{})
	return c
}

// get returns the value of key, or "" if it has none.
func get(ctx context.Context, c *redis.Client, key string) (string, error) {
	value, err := c.Get(ctx, key).Result()
	if errors.Is(err, redis.Nil) {
		return "", nil
	}
	return value, err
}

// noHello refuses the client's HELLO handshake without sending it. The client then goes on with the old protocol. Freecache's server
// answers no command that it does not know, so the client would wait for it until the timeout.
type noHello struct{}

type unknownCommand struct{}

func (unknownCommand) Error() string { return "ERR unknown command" }
func (unknownCommand) RedisError()   {}

func (noHello) DialHook(next redis.DialHook) redis.DialHook { return next }

func (noHello) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if cmd.Name() == "hello" {
			cmd.SetErr(unknownCommand{})
			return cmd.Err()
		}
		return next(ctx, cmd)
	}
}

func (noHello) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}
