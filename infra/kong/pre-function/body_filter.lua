local body = kong.ctx.plugin.body
if body then
  ngx.arg[1] = ngx.arg[2] and body or nil
end
