-- Posts leads, every one of somebody else. KEY in the environment is the source's API key.
local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

function init(args)
  prefix = args[1] .. "t" .. number
  count = 0
  headers = {["content-type"] = "application/json", ["authorization"] = "Bearer " .. args[2]}
end

function request()
  count = count + 1
  local body = string.format(
    '{"email":"p%s.%d@crumpet%d.org","given_name":"Ada","family_name":"Oven","company":"Crumpet",' ..
    '"job_title":"Head of Baking","country":"GB","message":"Do you sell ovens?",' ..
    '"utm_source":"newsletter","utm_campaign":"spring",' ..
    '"page_url":"https://crumpet.example.org/ovens","consent":["contact"]}',
    prefix, count, count % 997)
  return wrk.format("POST", "/v1/leads", headers, body)
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests": %d, "seconds": %f, "bad_answers": %d, "broken": %d, "p50_ms": %f, "p99_ms": %f}\n',
    summary.requests, summary.duration / 1e6, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
