"""What a `RedisInbox` has Redis do: each script is one step that happens or not.

The keys of an inbox, in the order of `PARTS`: `meta` (a hash: `format`, and `next`, the next number), `deliveries` (a
hash: content key to a JSON object), `bodies` (a hash), `age` and `bodyage` (sorted sets: deliveries, and those whose
body is kept, by when they came), `tasks` (a hash: number to a JSON object), `fronts` (a hash: each lane to the task at
its front), `latest` (a sorted set: each lane by when the last event happened that it has done), `workers` (a sorted
set: by the end of the lease), `counts` (a hash), `fresh` (a sorted set by number: what no worker has seen), three
sorted sets of equal scores, so by text, with NUL between their parts: `events` (event's key, number), `lanes` (what is
new: handler, subject, time, number), `ready` (handler, due, number), and one by number for each state. The last key is
the call's own: the client may send a script again after a lost answer, which then gives the same answer and changes
nothing more. Times are text in JSON: there, Redis cuts numbers to 14 digits.
"""

from typing import Final

from tm_async.webhooks.inbox.kind import FORMAT

__all__ = ["ACCEPT", "CLAIM", "COUNTS", "FRESH", "IDLE", "PAGE", "PARTS", "RECORD", "RENEW", "REVIVE", "SPREAD", "TIDY"]

PARTS: Final = (
    *("meta", "deliveries", "bodies", "age", "bodyage", "tasks", "fronts", "latest", "workers", "counts", "fresh"),
    *("events", "lanes", "ready", "new", "sent", "leased", "done", "dead"),
)

_COMMON: Final = """
local META, DELIVERIES, BODIES, AGE, BODYAGE, TASKS = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local FRONTS, LATEST, WORKERS, COUNTS, FRESH = KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11]
local EVENTS, LANES, READY, OWN = KEYS[12], KEYS[13], KEYS[14], KEYS[20]
local STATES = {new = KEYS[15], sent = KEYS[16], leased = KEYS[17], done = KEYS[18], dead = KEYS[19]}
local found = redis.call('HGET', META, 'format')
if found and found ~= '<format>' then return redis.error_reply('TMFORMAT ' .. found) end

local function now()
    local time = redis.call('TIME')
    return tonumber(time[1]) + tonumber(time[2]) / 1000000
end

local function seconds(number) return string.format('%017.6f', number) end

local function read(number)
    local text = redis.call('HGET', TASKS, number)
    return text and cjson.decode(text)
end

local function tally(task, by)
    local field = task.handler .. '\\0' .. task.state
    if redis.call('HINCRBY', COUNTS, field, by) == 0 then redis.call('HDEL', COUNTS, field) end
end

local function leave(task)
    redis.call('ZREM', STATES[task.state], task.number)
    tally(task, -1)
end

local function write(task, state)
    task.state = state
    redis.call('ZADD', STATES[state], task.number, task.number)
    tally(task, 1)
    redis.call('HSET', TASKS, task.number, cjson.encode(task))
end

local function lane_of(task) return task.handler .. '\\0' .. task.subject end

local function in_lane(task)
    return lane_of(task) .. string.format('\\0%015d\\0%016d', tonumber(task.happened), tonumber(task.number))
end

local function in_ready(task)
    return task.handler .. string.format('\\0%s\\0%016d', task.due, tonumber(task.number))
end

local function number_in(member) return string.format('%.0f', tonumber(string.sub(member, -16))) end

-- Nobody is at work in this lane: whoever is first stands at its front.
local function promote(lane)
    local front = redis.call('HGET', FRONTS, lane)
    if front then redis.call('ZREM', READY, in_ready(read(front))) end
    local first = redis.call('ZRANGEBYLEX', LANES, '[' .. lane .. '\\0', '(' .. lane .. '\\1', 'LIMIT', 0, 1)[1]
    if first then
        redis.call('HSET', FRONTS, lane, number_in(first))
        redis.call('ZADD', READY, 0, in_ready(read(number_in(first))))
    else
        redis.call('HDEL', FRONTS, lane)
    end
end

-- A new task, which is written already, finds its place.
local function enter(task)
    if task.subject == '' then
        redis.call('ZADD', READY, 0, in_ready(task))
        return
    end
    redis.call('ZADD', LANES, 0, in_lane(task))
    local front = redis.call('HGET', FRONTS, lane_of(task))
    if not front or read(front).state == 'new' then promote(lane_of(task)) end
end

local function extend(worker, finish)
    local old = redis.call('ZSCORE', WORKERS, worker)
    if not old or tonumber(old) < finish then redis.call('ZADD', WORKERS, seconds(finish), worker) end
end

local function of_event(key)
    local numbers = {}
    for _, member in ipairs(redis.call('ZRANGEBYLEX', EVENTS, '[' .. key .. '\\0', '(' .. key .. '\\1')) do
        numbers[#numbers + 1] = number_in(member)
    end
    return numbers
end

-- Its number has to be put down in the record of its delivery: of all of them at once, as that lists them all.
local function add(task)
    task.number = string.format('%.0f', redis.call('HINCRBY', META, 'next', 1))
    redis.call('ZADD', EVENTS, 0, task.key .. string.format('\\0%016d', tonumber(task.number)))
    write(task, 'new')
end

local function rows(numbers)
    local answer = {}
    for _, number in ipairs(numbers) do
        local text = redis.call('HGET', TASKS, number)
        if text then
            local delivery = cjson.decode(text).delivery
            answer[#answer + 1] = text
            answer[#answer + 1] = redis.call('HGET', DELIVERIES, delivery)
            answer[#answer + 1] = redis.call('HGET', BODIES, delivery)
        end
    end
    return answer
end
""".replace("<format>", str(FORMAT))

ACCEPT: Final = (
    _COMMON
    + """
-- ARGV: key, event, received, name of the key, body; key, place, subject, time of each event
if redis.call('HEXISTS', DELIVERIES, ARGV[1]) == 1 then return 0 end
redis.call('HSET', META, 'format', '<format>')
local delivery = {event = ARGV[2], received = ARGV[3], key_name = ARGV[4], tasks = {}}
redis.call('HSET', BODIES, ARGV[1], ARGV[5])
redis.call('ZADD', AGE, ARGV[3], ARGV[1])
redis.call('ZADD', BODYAGE, ARGV[3], ARGV[1])
for i = 6, #ARGV, 4 do
    local task = {key = ARGV[i], place = tonumber(ARGV[i + 1]), subject = ARGV[i + 2], happened = ARGV[i + 3]}
    task.delivery, task.handler, task.error, task.claims, task.attempts, task.due = ARGV[1], '', '', 0, 0, seconds(0)
    add(task)
    delivery.tasks[#delivery.tasks + 1] = task.number
    redis.call('ZADD', FRESH, task.number, task.number)
end
redis.call('HSET', DELIVERIES, ARGV[1], cjson.encode(delivery))
return 1
""".replace("<format>", str(FORMAT))
)

FRESH: Final = (
    _COMMON
    + """
-- ARGV: how many, whether keys follow, keys. Answer: number and event of what no worker has seen
local numbers = {}
if ARGV[2] == '0' then
    numbers = redis.call('ZRANGE', FRESH, 0, ARGV[1] - 1)
else
    for i = 3, #ARGV do
        for _, number in ipairs(of_event(ARGV[i])) do
            if redis.call('ZSCORE', FRESH, number) then numbers[#numbers + 1] = number end
        end
    end
end
local answer, names = {}, {}
for _, number in ipairs(numbers) do
    local key = read(number).delivery
    names[key] = names[key] or cjson.decode(redis.call('HGET', DELIVERIES, key)).event
    answer[#answer + 1] = number
    answer[#answer + 1] = names[key]
end
return answer
"""
)

SPREAD: Final = (
    _COMMON
    + """
-- ARGV: number, how many handlers, handlers; and so on
local i, time, added = 1, seconds(now()), {}
while i < #ARGV do
    local number, count = ARGV[i], tonumber(ARGV[i + 1])
    if redis.call('ZREM', FRESH, number) == 1 then
        local task = read(number)
        leave(task)
        if count == 0 then write(task, 'done') end
        for n = 1, count do
            task.handler, task.due = ARGV[i + 1 + n], time
            if n == 1 then
                write(task, 'new')
            else
                add(task)
                added[task.delivery] = added[task.delivery] or {}
                table.insert(added[task.delivery], task.number)
            end
            enter(task)
        end
    end
    i = i + 2 + count
end
for key, numbers in pairs(added) do
    local delivery = cjson.decode(redis.call('HGET', DELIVERIES, key))
    for _, number in ipairs(numbers) do table.insert(delivery.tasks, number) end
    redis.call('HSET', DELIVERIES, key, cjson.encode(delivery))
end
return 1
"""
)

CLAIM: Final = (
    _COMMON
    + """
-- ARGV: milliseconds to remember the answer, worker, lease, how many handlers, handler and room of each, whether keys
-- follow, keys. Answer: for each whether it is late; rows
local remembered = redis.call('GET', OWN)
if remembered then
    local claims = cjson.decode(remembered)
    return {claims.late, rows(claims.numbers)}
end
local time = now()
local claims, count = {numbers = {}, late = {}}, tonumber(ARGV[4])
local room, last = {}, 4 + 2 * count
for i = 5, last, 2 do room[ARGV[i]] = tonumber(ARGV[i + 1]) end

local function take(task)
    if task.state ~= 'leased' then redis.call('ZREM', READY, in_ready(task)) end
    if task.state == 'new' and task.subject ~= '' then redis.call('ZREM', LANES, in_lane(task)) end
    leave(task)
    task.claims, task.attempts, task.worker = task.claims + 1, task.attempts + 1, ARGV[2]
    write(task, 'leased')
    room[task.handler] = room[task.handler] - 1
    local latest = task.subject ~= '' and redis.call('ZSCORE', LATEST, lane_of(task))
    claims.numbers[#claims.numbers + 1] = task.number
    claims.late[#claims.late + 1] = latest and tonumber(latest) > tonumber(task.happened) and 1 or 0
end

local function left(task) return tonumber(redis.call('ZSCORE', WORKERS, task.worker) or 0) <= time end

local function asked_for(keys)
    for _, key in ipairs(keys) do
        for _, number in ipairs(of_event(key)) do
            local task = read(number)
            local may = (room[task.handler] or 0) > 0
            if may and task.state == 'leased' then
                may = left(task)
            elseif may then
                may = redis.call('ZSCORE', READY, in_ready(task))
                may = may and (task.state == 'sent' or tonumber(task.due) <= time)
            end
            if may then take(task) end
        end
    end
end

if ARGV[last + 1] == '1' then
    asked_for({unpack(ARGV, last + 2)})
else
    for _, number in ipairs(redis.call('ZRANGE', STATES.leased, 0, -1)) do
        local task = read(number)
        if (room[task.handler] or 0) > 0 and left(task) then take(task) end
    end
    for i = 5, last, 2 do
        local handler = ARGV[i]
        local low, high = '[' .. handler .. '\\0', '(' .. handler .. '\\0' .. seconds(time) .. '\\1'
        for _, member in ipairs(redis.call('ZRANGEBYLEX', READY, low, high, 'LIMIT', 0, room[handler])) do
            take(read(number_in(member)))
        end
    end
end
if #claims.numbers > 0 then
    extend(ARGV[2], time + tonumber(ARGV[3]))
    redis.call('SET', OWN, cjson.encode(claims), 'PX', ARGV[1])
end
return {claims.late, rows(claims.numbers)}
"""
)

RENEW: Final = (
    _COMMON
    + """
-- ARGV: worker, lease
extend(ARGV[1], now() + tonumber(ARGV[2]))
return 1
"""
)

RECORD: Final = (
    _COMMON
    + """
-- ARGV: the call's own number, number, claims, state, seconds until it is due, error, attempts that do not count
local task = read(ARGV[2])
if not task or task.claims ~= tonumber(ARGV[3]) then return 0 end
if task.state ~= 'leased' then return task.said == ARGV[1] and 1 or 0 end
leave(task)
task.due, task.error, task.said = seconds(now() + tonumber(ARGV[5])), ARGV[6], ARGV[1]
task.attempts = task.attempts - tonumber(ARGV[7])
write(task, ARGV[4])
if task.state == 'sent' then
    redis.call('ZADD', READY, 0, in_ready(task))
elseif task.subject == '' then
    if task.state == 'new' then enter(task) end
else
    local lane = lane_of(task)
    local latest = redis.call('ZSCORE', LATEST, lane)
    if task.state == 'done' and (not latest or tonumber(latest) < tonumber(task.happened)) then
        redis.call('ZADD', LATEST, task.happened, lane)
    end
    redis.call('HDEL', FRONTS, lane)
    if task.state == 'new' then enter(task) else promote(lane) end
end
return 1
"""
)

PAGE: Final = (
    _COMMON
    + """
-- ARGV: the number before, how many, states
local found = {}
for i = 3, #ARGV do
    local some = redis.call('ZRANGEBYSCORE', STATES[ARGV[i]], '(' .. ARGV[1], '+inf', 'LIMIT', 0, ARGV[2])
    for _, number in ipairs(some) do found[#found + 1] = number end
end
table.sort(found, function(one, other) return tonumber(one) < tonumber(other) end)
return rows({unpack(found, 1, math.min(#found, tonumber(ARGV[2])))})
"""
)

REVIVE: Final = (
    _COMMON
    + """
-- ARGV: numbers
local revived, time = 0, seconds(now())
for _, number in ipairs(ARGV) do
    local task = read(number)
    local finished = task and (task.state == 'done' or task.state == 'dead')
    if finished and redis.call('HEXISTS', BODIES, task.delivery) == 1 then
        leave(task)
        task.attempts, task.error, task.due = 0, '', time
        write(task, 'new')
        if task.handler == '' then redis.call('ZADD', FRESH, number, number) else enter(task) end
        revived = revived + 1
    end
end
return revived
"""
)

COUNTS: Final = (
    _COMMON
    + """
return redis.call('HGETALL', COUNTS)
"""
)

TIDY: Final = (
    _COMMON
    + """
-- ARGV: what is forgotten ("all" or "body"), after how many seconds, how many old ones to pass by, how many deliveries
-- and about how many tasks to look at. Answer: how many were changed; how many to pass by next, -1 at the end
local function forget_body(key)
    redis.call('HDEL', BODIES, key)
    redis.call('ZREM', BODYAGE, key)
end

local function forget_all(key, delivery)
    for _, number in ipairs(delivery.tasks) do
        local task = read(number)
        leave(task)
        redis.call('HDEL', TASKS, number)
        redis.call('ZREM', EVENTS, task.key .. string.format('\\0%016d', tonumber(number)))
    end
    redis.call('HDEL', DELIVERIES, key)
    redis.call('ZREM', AGE, key)
    forget_body(key)
end

local whole = ARGV[1] == 'all'
local index, allowed, forget = BODYAGE, {done = true}, forget_body
if whole then index, allowed, forget = AGE, {done = true, dead = true}, forget_all end
local before, by, left, room = math.max(now() - ARGV[2], 0), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local changed = 0
-- What can't be forgotten stays in front for ever: the next call begins behind it.
local found = redis.call('ZRANGE', index, by, by + left - 1, 'WITHSCORES')
for i = 1, #found, 2 do
    if tonumber(found[i + 1]) >= before then return {changed, -1} end
    if room <= 0 then break end
    local delivery, all = cjson.decode(redis.call('HGET', DELIVERIES, found[i])), true
    for _, number in ipairs(delivery.tasks) do all = all and allowed[read(number).state] end
    room = room - #delivery.tasks
    if all then
        forget(found[i], delivery)
        changed = changed + 1
    else
        by = by + 1
    end
end
return {changed, #found == 0 and -1 or by}
"""
)

IDLE: Final = (
    _COMMON
    + """
-- ARGV: seconds that bodies are kept, seconds that keys are
local time = now()
redis.call('ZREMRANGEBYSCORE', LATEST, '-inf', (time - ARGV[2]) * 1000)
local busy = {}
for _, number in ipairs(redis.call('ZRANGE', STATES.leased, 0, -1)) do busy[read(number).worker] = true end
for _, worker in ipairs(redis.call('ZRANGEBYSCORE', WORKERS, '-inf', time - ARGV[1])) do
    if not busy[worker] then redis.call('ZREM', WORKERS, worker) end
end
return 1
"""
)
