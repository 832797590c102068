-- Put a job away: KEYS as in take.lua; ARGV is its id, now, how long a job is kept (both in ms) and whether it is `over`.
-- One that was rung again meanwhile, or is not over, goes back to the end of the queue.
redis.call('del', KEYS[2] .. ARGV[1])
if ARGV[4] == 'over' and redis.call('del', KEYS[4] .. ARGV[1]) == 0 then
  redis.call('del', KEYS[3] .. ARGV[1])
  redis.call('zrem', KEYS[1], ARGV[1])
else
  redis.call('pexpire', KEYS[3] .. ARGV[1], ARGV[3])
  redis.call('zadd', KEYS[1], ARGV[2], ARGV[1])
  redis.call('rpush', KEYS[5], '1')
end
