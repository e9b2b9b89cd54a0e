-- grpc-gateway and request-size-limiting read the body in the midst of the plugins. Where that fails, nginx ends the request
-- there, and Kong asks only those before them what to answer: this plugin is the first of all. Where the post-function
-- is asked as well, its answer is the same, and goes out.
local UNREAD = {
  [400] = '{"code":"invalid_argument","message":"A requisição não pôde ser lida.","reason":"REQUISICAO_INVALIDA"',
  [408] = '{"code":"deadline_exceeded","message":"A requisição demorou demais para chegar.","reason":"PRAZO_ESGOTADO"',
  [413] = '{"code":"resource_exhausted","message":"O corpo da requisição é grande demais.","reason":"MENSAGEM_GRANDE_DEMAIS"',
}
local headers = ngx.header
local route = kong.router.get_route()
local unread = kong.response.get_source() == "error" and UNREAD[ngx.status]
if unread and route and route.protocols[1] ~= "grpc" and route.protocols[1] ~= "grpcs" then
  local request_id = string.gsub(kong.request.get_header("x-request-id") or "", '[^%w_.:/+=-]', "?")
  local body = unread .. ',"requestId":"' .. request_id .. '","details":{}}'
  kong.ctx.plugin.body = body
  headers["content-type"] = "application/json; charset=utf-8"
  headers["content-length"] = #body
  headers["grpc-status"] = nil -- over HTTP/2 Kong takes the call for gRPC, and grpc-gateway would take its status
  headers["grpc-message"] = nil
end
