-- Ring jobs: KEYS are the jobs, the queue, the bell and what is to be done again; ARGV is now, how long a job is kept
-- (both in ms) and the bell's length, then id and job in turn. A job that waits or runs already is marked to be done
-- again. One whose key is there and whose place in the queue is not was lost: it is put there again.
local rung = 0
for i = 4, #ARGV, 2 do
  local new = redis.call('set', KEYS[1] .. ARGV[i], ARGV[i + 1], 'NX', 'PX', ARGV[2])
  if new or not redis.call('zscore', KEYS[2], ARGV[i]) then
    redis.call('zadd', KEYS[2], ARGV[1], ARGV[i])
    redis.call('rpush', KEYS[3], '1')
    rung = rung + 1
  else
    redis.call('set', KEYS[4] .. ARGV[i], '1', 'PX', ARGV[2])
  end
end
if rung > 0 then redis.call('ltrim', KEYS[3], 0, tonumber(ARGV[3]) - 1) end
return rung
