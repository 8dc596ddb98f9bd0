"""What a `RedisLedger` has Redis do: each script is one step that happens or not.

The keys of a ledger, in this order: `meta` (a hash: `format`, and `next`, the next position), `records` (a hash: the
key of each item to a JSON object), `requests` (a hash), `workers` (a sorted set: by the end of the lease), for each
state a sorted set by position, `groups` (a sorted set of equal scores, so by text: group, position and key, with NUL
between them), and `queue` (a sorted set: what is pending, by claims and position). The last key is the call's own. The
client may send a script again after a lost answer: it then gives the same answer and changes nothing more. Times are
text in JSON: there, Redis cuts numbers to 14 digits.
"""

__all__ = ["ADD", "CLAIM", "COUNTS", "FORMAT", "GET", "GROUP", "PAGE", "RECORD", "RENEW", "STAGE"]

FORMAT = "1"
"""The number of the keys' format."""

_COMMON = """
local FORMAT = '<format>'
local META, RECORDS, REQUESTS, WORKERS = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local GROUPS, QUEUE, OWN = KEYS[10], KEYS[11], KEYS[12]
local STATES = {pending = KEYS[5], sending = KEYS[6], created = KEYS[7], rejected = KEYS[8], unknown = KEYS[9]}
local found = redis.call('HGET', META, 'format')
if found and found ~= FORMAT then return redis.error_reply('TMFORMAT ' .. found) end

local function now()
    local time = redis.call('TIME')
    return tonumber(time[1]) + tonumber(time[2]) / 1000000
end

local function seconds(number) return string.format('%.6f', number) end

local function read(key)
    local text = redis.call('HGET', RECORDS, key)
    return text and cjson.decode(text)
end

local function write(key, record, state)
    if record.state then redis.call('ZREM', STATES[record.state], key) end
    record.state = state
    redis.call('ZADD', STATES[state], record.position, key)
    if state == 'pending' then
        redis.call('ZADD', QUEUE, string.format('%.0f', record.claims * 1e10 + record.position), key)
    else
        redis.call('ZREM', QUEUE, key)
    end
    redis.call('HSET', RECORDS, key, cjson.encode(record))
end

local function extend(worker, finish)
    local old = redis.call('ZSCORE', WORKERS, worker)
    if not old or tonumber(old) < finish then redis.call('ZADD', WORKERS, seconds(finish), worker) end
end

local function rows(keys)
    local answer = {}
    for _, key in ipairs(keys) do
        local record = redis.call('HGET', RECORDS, key)
        if record then
            answer[#answer + 1] = key
            answer[#answer + 1] = record
            answer[#answer + 1] = redis.call('HGET', REQUESTS, key) or ''
        end
    end
    return answer
end
""".replace("<format>", FORMAT)

STAGE = """
-- Items on their way: a hash of its own. ARGV: milliseconds to keep it; number, key, label, group, request of each
local function stage(n, key, label, group, request)
    redis.call('HSET', KEYS[12], 'k' .. n, key, 'l' .. n, label, 'g' .. n, group, 'r' .. n, request)
end
for i = 2, #ARGV, 5 do stage(ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4]) end
redis.call('PEXPIRE', KEYS[12], ARGV[1])
return 1
"""

ADD = (
    _COMMON
    + """
-- ARGV: milliseconds to remember the answer, how many items are staged. Answer: how many were new, or -1 and conflicts
local answer = redis.call('HGET', OWN, 'answer')
if answer then return {tonumber(answer)} end
local count = tonumber(ARGV[2])
if redis.call('HLEN', OWN) ~= 4 * count then return redis.error_reply('TMSTAGED') end
local fresh, clashing = {}, {-1}
for i = 1, count do
    local key = redis.call('HGET', OWN, 'k' .. i)
    local there = redis.call('HGET', REQUESTS, key)
    if not there then
        fresh[#fresh + 1] = i
    elseif there ~= redis.call('HGET', OWN, 'r' .. i) then
        clashing[#clashing + 1] = key
    end
end
if #clashing > 1 then
    redis.call('PEXPIRE', OWN, ARGV[1])
    return clashing
end
local position = tonumber(redis.call('HGET', META, 'next') or '0')
for _, i in ipairs(fresh) do
    local key, label, group, request = unpack(redis.call('HMGET', OWN, 'k' .. i, 'l' .. i, 'g' .. i, 'r' .. i))
    redis.call('HSET', REQUESTS, key, request)
    redis.call('ZADD', GROUPS, 0, string.format('%s\\0%016d\\0%s', group, position, key))
    write(key, {position = position, claims = 0, label = label, group = group, outcome = '{}'}, 'pending')
    position = position + 1
end
redis.call('HSET', META, 'format', FORMAT, 'next', position)
redis.call('DEL', OWN)
redis.call('HSET', OWN, 'answer', #fresh)
redis.call('PEXPIRE', OWN, ARGV[1])
return {#fresh}
"""
)

CLAIM = (
    _COMMON
    + """
-- ARGV: milliseconds to remember the answer, worker, lease, limit, whether keys follow, keys
local time = now()

local function may_be_taken(record)
    if record.state ~= 'sending' then return record.state == 'pending' or record.state == 'unknown' end
    return tonumber(redis.call('ZSCORE', WORKERS, record.worker) or 0) <= time
end

local function of_ended_workers(taken)
    local ended = redis.call('ZRANGEBYSCORE', WORKERS, '-inf', seconds(time))
    if #ended == 0 then return end
    local idle = {}
    for _, worker in ipairs(ended) do idle[worker] = true end
    for _, key in ipairs(redis.call('ZRANGE', STATES.sending, 0, -1)) do
        local record = read(key)
        idle[record.worker] = nil
        if may_be_taken(record) then taken[#taken + 1] = {key, record} end
    end
    for worker in pairs(idle) do redis.call('ZREM', WORKERS, worker) end
end

local function candidates(limit)
    local taken = {}
    if ARGV[5] == '1' then
        for i = 6, #ARGV do
            local record = read(ARGV[i])
            if record and may_be_taken(record) then taken[#taken + 1] = {ARGV[i], record} end
        end
    elseif limit > 0 then
        for _, key in ipairs(redis.call('ZRANGE', QUEUE, 0, limit - 1)) do
            taken[#taken + 1] = {key, read(key)}
        end
        of_ended_workers(taken)
    end
    table.sort(taken, function(one, other)
        one, other = one[2], other[2]
        if one.claims ~= other.claims then return one.claims < other.claims end
        return one.position < other.position
    end)
    return taken
end

local function take(key, record)
    local doubtful = record.state ~= 'pending'
    if record.state == 'sending' then
        local finish = tonumber(redis.call('ZSCORE', WORKERS, record.worker) or 0)
        record['until'] = seconds(math.max(finish, tonumber(record['until'] or 0)))
    end
    record.claims = record.claims + 1
    record.worker = ARGV[2]
    record.since = record.since or seconds(time)
    write(key, record, 'sending')
    return doubtful
end

local remembered = redis.call('GET', OWN)
local claims = remembered and cjson.decode(remembered) or {keys = {}, doubtful = {}, time = seconds(time)}
if not remembered then
    local limit = tonumber(ARGV[4])
    for i, one in ipairs(candidates(limit)) do
        if i > limit then break end
        claims.keys[i] = one[1]
        claims.doubtful[i] = take(one[1], one[2]) and 1 or 0
    end
    if #claims.keys > 0 then
        extend(ARGV[2], time + tonumber(ARGV[3]))
        redis.call('SET', OWN, cjson.encode(claims), 'PX', ARGV[1])
    end
end
return {claims.doubtful, rows(claims.keys), #claims.keys > 0 and claims.time or '0'}
"""
)

RENEW = (
    _COMMON
    + """
-- ARGV: worker, lease
extend(ARGV[1], now() + tonumber(ARGV[2]))
return 1
"""
)

RECORD = (
    _COMMON
    + """
-- ARGV: the call's own number, key, claims, state, outcome, until or nothing
local record = read(ARGV[2])
if not record or record.claims ~= tonumber(ARGV[3]) then return 0 end
if record.state ~= 'sending' then return record.said == ARGV[1] and 1 or 0 end
if ARGV[4] == 'unknown' then
    record['until'] = ARGV[6] ~= '' and ARGV[6] or seconds(now())
else
    record.since, record['until'] = nil, nil
end
record.outcome = ARGV[5]
record.said = ARGV[1]
write(ARGV[2], record, ARGV[4])
return 1
"""
)

GET = (
    _COMMON
    + """
-- ARGV: keys
return rows(ARGV)
"""
)

PAGE = (
    _COMMON
    + """
-- ARGV: the position before, how many, states
local found = {}
for i = 3, #ARGV do
    local some = redis.call('ZRANGEBYSCORE', STATES[ARGV[i]], '(' .. ARGV[1], '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[2])
    for n = 1, #some, 2 do found[#found + 1] = {some[n], tonumber(some[n + 1])} end
end
table.sort(found, function(one, other) return one[2] < other[2] end)
local keys = {}
for i = 1, math.min(#found, tonumber(ARGV[2])) do keys[i] = found[i][1] end
return rows(keys)
"""
)

GROUP = (
    _COMMON
    + """
-- ARGV: group, the position before, how many are looked at, states. Answer: the last position that was seen, or -1 at
-- the end; keys, records, requests
local states, keys, last = {}, {}, -1
for i = 4, #ARGV do states[ARGV[i]] = true end
local low = string.format('(%s\\0%016d\\1', ARGV[1], ARGV[2])
local members = redis.call('ZRANGEBYLEX', GROUPS, low, '(' .. ARGV[1] .. '\\1', 'LIMIT', 0, ARGV[3])
for i, member in ipairs(members) do
    local key = string.sub(member, #ARGV[1] + 19)
    if states[read(key).state] then keys[#keys + 1] = key end
    if i == tonumber(ARGV[3]) then last = tonumber(string.sub(member, #ARGV[1] + 2, #ARGV[1] + 17)) end
end
return {last, rows(keys)}
"""
)

COUNTS = (
    _COMMON
    + """
-- ARGV: states
local answer = {}
for i, state in ipairs(ARGV) do answer[i] = redis.call('ZCARD', STATES[state]) end
return answer
"""
)
