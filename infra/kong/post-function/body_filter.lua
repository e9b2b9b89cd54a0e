local filtered = kong.ctx.plugin
if filtered.describe then
  -- What Kong says comes first, in one piece or several; it is replaced as a whole.
  filtered.words = (filtered.words or "") .. (ngx.arg[1] or "")
  ngx.arg[1] = nil
  if ngx.arg[2] then
    ngx.arg[1] = filtered.describe(filtered.words)
  end
elseif filtered.body then
  ngx.arg[1] = ngx.arg[2] and filtered.body or nil
elseif filtered.transcoded and ngx.arg[1] and ngx.arg[1] ~= "" then
  -- Kong renders a Timestamp without its zone: "2025-02-01T14:00:00" becomes "2025-02-01T14:00:00Z".
  ngx.arg[1] = (string.gsub(ngx.arg[1], '"(%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d)"', '"%1Z"'))
end
