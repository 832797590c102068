-- Take jobs that nobody works on: KEYS are the queue, what is being worked on, the jobs, what is to be done again and
-- the bell; ARGV is now, how many at most, and for how long (ms) they are ours. What arq does in five round trips for
-- each job. Where nobody has a job waiting any more, the bells that are left would ring for nothing.
local taken, all = {}, true
for _, id in ipairs(redis.call('zrangebyscore', KEYS[1], '-inf', ARGV[1])) do
  if #taken >= 2 * tonumber(ARGV[2]) then
    all = false
    break
  end
  if redis.call('set', KEYS[2] .. id, '1', 'NX', 'PX', ARGV[3]) then
    local job = redis.call('get', KEYS[3] .. id)
    redis.call('del', KEYS[4] .. id)
    if job then
      taken[#taken + 1], taken[#taken + 2] = id, job
    else
      redis.call('del', KEYS[2] .. id)
      redis.call('zrem', KEYS[1], id)
    end
  end
end
if all then redis.call('del', KEYS[5]) end
return taken
