/*
 * What is done to the sessions in Redis in one step each. A session is a hash (`sessao:<id>`), and each person has a set of
 * the names of theirs by their last use (`sessoes:<usuario>`): it may name sessions that are over, and each of its readers
 * leaves those out.
 *
 * Fields of a session: `usuario`, `geracao`; digests of the current token and of the one before it (`atual`, `anterior`) and
 * when that was traded in (`trocadoEm`); when it ends whatever happens (`fim`); when and how its owner has proved who they are
 * (`criadoEm`, `metodos`); where it was used last, and when (`endereco`, `dispositivo`, `usadoEm`). A session that has ended
 * before its time stays for a day, so that its end can be asked for again, with `encerrada` saying how: `fim` or `reuso`; where
 * it was used is forgotten at its end.
 */

/** KEYS: session, set. ARGV: seconds that it lives unused, its name, now to the millisecond, fields. Answers the size of the set. */
export const OPEN = `
  redis.call('HSET', KEYS[1], unpack(ARGV, 4))
  redis.call('EXPIRE', KEYS[1], ARGV[1])
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[3] - ARGV[1])
  redis.call('ZADD', KEYS[2], ARGV[3], ARGV[2])
  redis.call('EXPIRE', KEYS[2], ARGV[1])
  return redis.call('ZCARD', KEYS[2])`;

/**
 * Judges a token. KEYS: session. ARGV: its digest, that of its successor, now, seconds of grace, `genuine` for a token of
 * ours, seconds for which an ended session is kept.
 *
 * `current`, or `repeated` for the token before within the grace while its successor is unused; `reused` for another
 * token of ours, and the session is over; else `unknown`: a text that a stranger has made up changes nothing.
 */
const JUDGE = `
  local family = redis.call('HMGET', KEYS[1], 'usuario', 'geracao', 'fim', 'criadoEm', 'metodos', 'atual', 'anterior',
    'trocadoEm', 'encerrada')
  local now = tonumber(ARGV[3])
  if not family[1] or now >= tonumber(family[3]) or family[9] == 'fim' then return {'unknown'} end
  local verdict = 'unknown'
  if ARGV[1] == family[6] then
    if not family[9] then verdict = 'current' end
  elseif not family[9] and ARGV[1] == family[7] and ARGV[2] == family[6]
    and now - tonumber(family[8]) <= tonumber(ARGV[4]) then
    verdict = 'repeated'
  elseif ARGV[5] == 'genuine' or ARGV[1] == family[7] then
    redis.call('HSET', KEYS[1], 'encerrada', 'reuso')
    redis.call('EXPIRE', KEYS[1], ARGV[6])
    verdict = 'reused'
  end`;

const ANSWER = `
  return {verdict, family[1], family[2], family[3], family[4], family[5]}`;

export const FIND = `${JUDGE}${ANSWER}`;

/** As FIND, and trades a current token in. KEYS: session, set. ARGV more: as those of OPEN. */
export const ROTATE = `${JUDGE}
  if verdict == 'current' then
    redis.call('HSET', KEYS[1], 'anterior', ARGV[1], 'atual', ARGV[2], 'trocadoEm', now, unpack(ARGV, 10))
    redis.call('EXPIRE', KEYS[1], math.min(tonumber(ARGV[7]), tonumber(family[3]) - now))
    redis.call('ZADD', KEYS[2], ARGV[9], ARGV[8])
    redis.call('EXPIRE', KEYS[2], ARGV[7])
  end${ANSWER}`;

/** KEYS: session, set. ARGV: its name, seconds for which it is kept. */
export const END = `
  if redis.call('EXISTS', KEYS[1]) == 1 then
    redis.call('HSETNX', KEYS[1], 'encerrada', 'fim')
    redis.call('HDEL', KEYS[1], 'endereco', 'dispositivo')
    redis.call('EXPIRE', KEYS[1], ARGV[2])
  end
  redis.call('ZREM', KEYS[2], ARGV[1])`;

/** A session that is gone is not made again. KEYS: session. ARGV: generation. */
export const CARRY_OVER = `
  if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 'geracao', ARGV[1]) end`;
