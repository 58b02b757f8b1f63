-- The action `http-request lua.latchkey <address of Latchkey>`: asks Latchkey who it is, and goes on with the headers
-- Remote-*, or answers the client what Latchkey answered. Uses the HTTP client that HAProxy brings since 2.5: no library,
-- no agent beside it. Whatever goes wrong lets nobody in.

local identity = { "remote-user", "remote-login-id", "remote-account-id", "remote-role", "remote-assurance" }
-- Of the request, what Latchkey decides by.
local asked_with = { "cookie", "authorization", "accept", "user-agent", "host", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto" }
-- Of the answer, what a client is told.
local answered_with = { "location", "content-type", "cache-control", "retry-after", "x-content-type-options" }

-- Lists of HAProxy begin at 0 for requests and at 1 for its own client.
local function values_of(list)
  local values = {}
  for _, value in pairs(list or {}) do values[#values + 1] = value end
  return values
end

local function refuse(txn, status, headers, body)
  local reply = txn:reply()
  reply:set_status(status)
  for name, value in pairs(headers) do reply:add_header(name, value) end
  reply:set_body(body or "")
  txn:done(reply)
end

core.register_action("latchkey", { "http-req" }, function(txn, address)
  local request = txn.http:req_get_headers()
  local headers = {}
  for _, name in ipairs(asked_with) do
    local values = values_of(request[name])
    if #values > 0 then headers[name] = values end
  end
  headers["x-forwarded-uri"] = { txn.sf:pathq() }

  local asked, answer = pcall(function()
    return core.httpclient():get({ url = address .. "/v1/forward-auth", headers = headers, timeout = 6000 })
  end)
  if not asked or type(answer) ~= "table" or not answer.status or answer.status < 200 then
    return refuse(txn, 503, { ["retry-after"] = "2", ["cache-control"] = "no-store" })
  end

  local answered = answer.headers or {}
  if answer.status ~= 204 then
    local told = {}
    for _, name in ipairs(answered_with) do told[name] = values_of(answered[name])[1] end
    return refuse(txn, answer.status < 300 and 503 or answer.status, told, answer.body)
  end
  for _, name in ipairs(identity) do
    txn.http:req_del_header(name)
    local value = values_of(answered[name])[1]
    if value and value ~= "" then txn.http:req_set_header(name, value) end
  end
end, 1)
