-- Runs last on every answer, those to requests without a route and those of nginx included: it is Kong's own once for the node.
-- Every error gets one body, {code, message, reason, requestId, details}, whoever has made it; creations get their status.
-- The dev edge reproduces this file; it refuses to start when the two differ.

-- What is served: methods and an expression for the path, one a line. Kong knows them in pieces, so it cannot tell 404 from 405.
local served = {}
for methods, expression in ([==[
__PATHS__
]==]):gmatch("(%u[%u,]*) (%S+)") do
  served[#served + 1] = { methods = methods, expression = expression }
end
local METHODS = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" }

-- Words of gRPC's codes, from 1 on.
local CODES = {
  "canceled", "unknown", "invalid_argument", "deadline_exceeded", "not_found", "already_exists",
  "permission_denied", "resource_exhausted", "failed_precondition", "aborted", "out_of_range",
  "unimplemented", "internal", "unavailable", "data_loss", "unauthenticated",
}

-- What Kong and nginx refuse by themselves, by status: code, reason and message.
local UNREADABLE = { "invalid_argument", "REQUISICAO_INVALIDA", "A requisição não pôde ser lida." }
local OWN = {
  [400] = UNREADABLE,
  [401] = { "unauthenticated", "NAO_AUTENTICADO", "É preciso estar autenticado para esta operação." },
  [404] = { "not_found", "ROTA_INEXISTENTE", "Este endereço não existe." },
  [405] = { "invalid_argument", "METODO_NAO_PERMITIDO", "Este endereço não aceita este método HTTP." },
  [408] = { "deadline_exceeded", "PRAZO_ESGOTADO", "A requisição demorou demais para chegar." },
  [413] = { "resource_exhausted", "MENSAGEM_GRANDE_DEMAIS", "O corpo da requisição é grande demais." },
  [414] = { "invalid_argument", "ENDERECO_GRANDE_DEMAIS", "O endereço da requisição é longo demais." },
  [415] = { "invalid_argument", "TIPO_NAO_SUPORTADO", "Este endereço não aceita conteúdo deste tipo." },
  [426] = { "failed_precondition", "HTTP2_NECESSARIO", "Chamadas gRPC precisam de HTTP/2." },
  [429] = { "resource_exhausted", "LIMITE_DE_REQUISICOES", "Requisições demais. Aguarde antes de tentar novamente." },
  [500] = { "internal", "ERRO_INTERNO", "Ocorreu um erro inesperado. Tente novamente mais tarde." },
  [502] = { "unavailable", "SERVICO_INDISPONIVEL", "Serviço temporariamente indisponível. Tente novamente em instantes." },
  [504] = { "deadline_exceeded", "PRAZO_ESGOTADO", "O tempo limite da requisição foi excedido." },
}
OWN[503] = OWN[502]
OWN[501], OWN[505] = UNREADABLE, UNREADABLE -- an encoding or a version of HTTP that nginx does not know
local BAD_TOKEN = { "unauthenticated", "TOKEN_INVALIDO", "O token de acesso é inválido ou expirou." }

-- Several refusals have the status 400; Kong's words tell them apart.
local BY_WORDS = {
  { "decode json err", { "invalid_argument", "CORPO_ILEGIVEL", "O corpo da requisição não é JSON." } },
  { "body must be a table", { "invalid_argument", "CORPO_ILEGIVEL", "O corpo da requisição deve ser um objeto JSON." } },
  { "failed to encode", { "invalid_argument", "REQUISICAO_INVALIDA", "Um valor da requisição não é do tipo que o contrato pede." } },
  { "header or cookie", { "invalid_argument", "CABECALHO_GRANDE_DEMAIS", "Os cabeçalhos da requisição são grandes demais." } },
}

-- Over HTTP/2 Kong takes REST for gRPC once it has been transcoded: its status comes by gRPC's codes, which know fewer.
local LOST_STATUS = {
  ["Payload too large"] = 413,
  ["An invalid response was received from the upstream server"] = 502,
}

local function escape(text)
  return (string.gsub(text, '[%z\1-\31\\"]', function(char)
    return string.format("\\u%04x", string.byte(char))
  end))
end

local function body_of(code, message, reason, details)
  local request_id = string.gsub(ngx.header["x-request-id"] or "", "[^\32-\126]", "?") -- whatever the client has sent
  return '{"code":"' .. code .. '","message":"' .. escape(message) .. '","reason":"' .. escape(reason)
    .. '","requestId":"' .. escape(request_id) .. '","details":' .. details .. "}"
end

-- unescape_uri reads a form, in which a plus is a space; gRPC leaves plus signs as they are.
local function message_of_grpc()
  return ngx.unescape_uri((string.gsub(ngx.header["grpc-message"] or "", "%+", "%%2B")))
end

local function is_native(route)
  if route then
    return route.protocols[1] == "grpc" or route.protocols[1] == "grpcs"
  end
  return ngx.req.http_version() == 2 and (ngx.var.content_type or ""):find("application/grpc", 1, true) == 1
end

-- The methods that a path takes, as Allow lists them; nil when nothing is served there.
local function methods_of(path)
  local found = {}
  for _, one in ipairs(served) do
    if ngx.re.find(path, one.expression, "jo") then
      for method in one.methods:gmatch("%u+") do
        found[method] = true
      end
    end
  end
  local allowed = {}
  for _, method in ipairs(METHODS) do
    if found[method] then
      allowed[#allowed + 1] = method
    end
  end
  if #allowed > 0 then
    return table.concat(allowed, ", "), found
  end
end

-- Kong says 404 where a method has no route, 400 where the path or the method is not of the contract, and before that it asks
-- for a token: what is not served is told to everybody.
local function right_status(status)
  local refused = kong.response.get_source() == "exit" and (status == 400 or status == 401 or status == 404)
  if not refused and status ~= 405 then
    return status
  end
  local allow, found = methods_of(kong.request.get_path())
  if refused and found and found[kong.request.get_method()] then
    return status
  end
  ngx.header["www-authenticate"] = nil
  if refused and not allow then
    return 404
  end
  ngx.header["allow"] = allow
  return 405
end

local function own_error(status)
  if status == 401 and string.find(ngx.header["www-authenticate"] or "", "invalid_token", 1, true) then
    return BAD_TOKEN
  end
  return OWN[status] or (status >= 500 and OWN[500]) or UNREADABLE
end

local function own_by_words(words)
  for _, one in ipairs(BY_WORDS) do
    if words:find(one[1], 1, true) then
      return one[2]
    end
  end
  return UNREADABLE
end

-- Connect has a body of its own, in which details are a list.
local function own_details()
  return (ngx.var.request_uri or ""):find("^/[%w_.]+%.v%d+%.%w+/") and "[]" or "{}"
end

local function answer_with(body)
  kong.ctx.plugin.body = body
  ngx.header["content-length"] = #body
end

local function service_error(code)
  local headers = ngx.header
  local own = own_error(ngx.status)
  local details = headers["x-erro-detalhes"] or "{}"
  answer_with(body_of(CODES[code] or "unknown", message_of_grpc(), headers["x-erro-codigo"] or own[2], details))
  headers["content-type"] = "application/json; charset=utf-8"
  headers["grpc-status-details-bin"] = nil
  headers["x-erro-detalhes"] = nil
end

local function native_error(status)
  local own = own_error(status)
  if status == 400 then
    own = own_by_words(ngx.header["grpc-message"] or "")
  end
  for number, word in ipairs(CODES) do
    if word == own[1] then
      ngx.header["grpc-status"] = number -- Kong says 13 of a service that is down
    end
  end
  ngx.header["x-erro-codigo"] = own[2]
  ngx.header["grpc-message"] = ngx.escape_uri(own[3])
end

-- The jwt plugin breaks on a token whose key has no text for a name.
local function refuse_broken_token()
  local broke = ngx.status == 500 and kong.response.get_source() == "error" and not kong.client.get_credential()
  if broke and kong.request.get_header("authorization") then
    ngx.status = 401
    ngx.header["www-authenticate"] = 'Bearer realm="reservas" error="invalid_token"'
  end
end

local function kong_error(grpc_status)
  local headers = ngx.header
  ngx.status = LOST_STATUS[headers["grpc-message"]] or right_status(ngx.status)
  local details = own_details()
  local function describe(own)
    return body_of(own[1], own[3], own[2], details)
  end
  headers["content-length"] = nil
  if ngx.status == 400 and not grpc_status then
    kong.ctx.plugin.describe = function(words) -- they come in the body
      return describe(own_by_words(words))
    end
  else
    local own = ngx.status == 400 and own_by_words(headers["grpc-message"] or "") or own_error(ngx.status)
    headers["x-erro-codigo"] = own[2]
    answer_with(describe(own))
  end
  headers["content-type"] = "application/json; charset=utf-8"
  headers["x-content-type-options"] = "nosniff"
end

return function()
  local headers = ngx.header
  local grpc_status = tonumber(headers["grpc-status"])
  local route = kong.router.get_route()
  local native = is_native(route)
  local named = ngx.var.upstream_http_x_request_id -- a service logs no id that could forge its lines
  if named and named ~= "" then
    headers["x-request-id"] = named
  end
  if kong.response.get_source() ~= "service" then
    refuse_broken_token()
    if ngx.status >= 400 and native and grpc_status then
      native_error(ngx.status)
    elseif ngx.status >= 400 then
      kong_error(grpc_status)
    end
  elseif not native and ngx.var.kong_proxy_mode == "grpc" then
    headers["content-length"] = nil -- the body filter changes the length
    headers["x-content-type-options"] = "nosniff"
    local wanted = tonumber(headers["x-http-code"])
    if grpc_status and grpc_status ~= 0 then
      service_error(grpc_status)
    else
      kong.ctx.plugin.transcoded = true
      if wanted and wanted >= 200 and wanted < 300 and ngx.status == 200 then
        ngx.status = wanted
      end
    end
    headers["x-http-code"] = nil
  end
end
