-- Runs last on REST routes: gives errors a JSON body and creations their status.
-- The dev edge reproduces this file; it refuses to start when the two differ.
local headers = ngx.header
local status = tonumber(headers["grpc-status"])
headers["content-length"] = nil -- the body filter changes the length
headers["x-content-type-options"] = "nosniff"
if status and status ~= 0 then
  local names = {
    "canceled", "unknown", "invalid_argument", "deadline_exceeded", "not_found", "already_exists",
    "permission_denied", "resource_exhausted", "failed_precondition", "aborted", "out_of_range",
    "unimplemented", "internal", "unavailable", "data_loss", "unauthenticated",
  }
  local function escape(text)
    return (string.gsub(text, '[%z\1-\31\\"]', function(char)
      return string.format("\\u%04x", string.byte(char))
    end))
  end
  -- unescape_uri reads a form, in which a plus is a space; gRPC leaves plus signs as they are.
  local message = string.gsub(headers["grpc-message"] or "", "%+", "%%2B")
  local body = '{"code":"' .. (names[status] or "unknown") .. '","message":"'
    .. escape(ngx.unescape_uri(message)) .. '"'
  local reason = headers["x-erro-codigo"]
  if reason then
    body = body .. ',"reason":"' .. escape(reason) .. '"'
  end
  kong.ctx.plugin.body = body .. "}"
  headers["content-type"] = "application/json; charset=utf-8"
  headers["grpc-status-details-bin"] = nil
else
  local wanted = tonumber(headers["x-http-code"])
  if wanted and wanted >= 200 and wanted < 300 and ngx.status == 200 then
    ngx.status = wanted
  end
end
headers["x-http-code"] = nil
