local body = kong.ctx.plugin.body
if body then
  ngx.arg[1] = ngx.arg[2] and body or nil
elseif ngx.arg[1] and ngx.arg[1] ~= "" then
  -- Kong renders a Timestamp without its zone: "2025-02-01T14:00:00" becomes "2025-02-01T14:00:00Z".
  ngx.arg[1] = (string.gsub(ngx.arg[1], '"(%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d)"', '"%1Z"'))
end
