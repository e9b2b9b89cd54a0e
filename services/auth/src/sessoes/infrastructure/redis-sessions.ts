import { randomUUID } from 'node:crypto';
import type { Clock } from '@plataforma/domain/clock';
import { FIRST_GENERATION } from '@plataforma/runtime/principal';
import type { Redis } from 'ioredis';
import type { Origem } from '../../contrato/domain/origem.ts';
import type {
  Found,
  NovaSessao,
  Rotation,
  SessaoAberta,
  SessaoNova,
  Session,
  Sessions,
} from '../application/ports.ts';
import type { Metodo } from '../domain/metodo.ts';
import { chavesDasEntradas } from './redis-entradas.ts';
import type { RefreshTokens } from './refresh-tokens.ts';
import { CARRY_OVER, END, FIND, OPEN, ROTATE } from './session-scripts.ts';

const IDLE_SECONDS = 30 * 24 * 3600;
const ABSOLUTE_SECONDS = 90 * 24 * 3600;
/**
 * For this long the token just traded in still brings the same successor, as long as that one has not been used: two
 * tabs trade in one token at once, and a client whose answer was lost learns it only when its deadline of ten seconds
 * is over, and then tries again.
 */
const GRACE_SECONDS = 30;
/** As long as a call may be repeated under its key. */
const ENDED_SECONDS = 24 * 3600;
/** Of one person. */
const MAX_SESSIONS = 50;

/** All but the first are there unless the token is unknown; sessions from before they were kept lack the nullable ones. */
type Judged = readonly [
  verdict: 'current' | 'repeated' | 'reused' | 'unknown',
  usuarioId: string,
  geracao: string | null,
  fim: string,
  criadoEm: string | null,
  metodos: string | null,
];

/** Sessions in Redis, with rotation and reuse detection (RFC 9700, 4.14.2). Of tokens only digests are stored. */
export class RedisSessions implements Sessions {
  readonly #redis: Redis;
  readonly #clock: Clock;
  readonly #tokens: RefreshTokens;

  constructor(options: { redis: Redis; clock: Clock; tokens: RefreshTokens }) {
    this.#redis = options.redis;
    this.#clock = options.clock;
    this.#tokens = options.tokens;
  }

  async open({
    usuarioId,
    geracao,
    metodos,
    origem: { endereco, dispositivo },
  }: NovaSessao): Promise<SessaoNova> {
    const sessaoId = randomUUID();
    const refreshToken = this.#tokens.first(sessaoId);
    const atual = this.#tokens.digest(refreshToken);
    const now = this.#now();
    const family = {
      ...{ usuario: usuarioId, geracao, atual, anterior: '', trocadoEm: 0, fim: now + ABSOLUTE_SECONDS },
      ...{ criadoEm: now, usadoEm: now, metodos: metodos.join(' '), endereco, dispositivo },
    };
    const keys = [familyKey(sessaoId), ownerKey(usuarioId)];
    const args = [IDLE_SECONDS, sessaoId, this.#preciseNow(), ...Object.entries(family).flat()];
    const quantas = (await this.#redis.eval(OPEN, 2, ...keys, ...args)) as number;
    const excedentes = quantas > MAX_SESSIONS ? await this.#excedentes(usuarioId, geracao) : [];
    const session = { sessaoId, usuarioId, geracao, autenticadaEm: instant(now), metodos };
    return { session, refreshToken, excedentes };
  }

  find(refreshToken: string): Promise<Found> {
    return this.#judge(FIND, refreshToken, []);
  }

  async rotate(refreshToken: string, { sessaoId, usuarioId }: Session, origem: Origem): Promise<Rotation> {
    const { endereco, dispositivo } = origem;
    const fields = Object.entries({ usadoEm: this.#now(), endereco, dispositivo }).flat();
    const more = [IDLE_SECONDS, sessaoId, this.#preciseNow(), ...fields];
    const found = await this.#judge(ROTATE, refreshToken, more, ownerKey(usuarioId));
    return found.kind === 'ok' ? { kind: 'ok', refreshToken: this.#tokens.successor(refreshToken) } : found;
  }

  async openOf(usuarioId: string): Promise<readonly SessaoAberta[]> {
    const named = await this.#redis.zrevrange(ownerKey(usuarioId), 0, -1);
    const now = this.#now();
    const sessoes = await Promise.all(named.map(async (id) => aberta(id, await this.#fields(id))));
    return sessoes.filter((sessao) => sessao !== undefined).filter(({ expiraEm }) => expiraEm > instant(now));
  }

  async ownerOf(sessaoId: string): Promise<string | undefined> {
    return (await this.#redis.hget(familyKey(sessaoId), 'usuario')) ?? undefined;
  }

  async provenBy(refreshToken: string): Promise<string | undefined> {
    const sessaoId = this.#tokens.sessionOf(refreshToken);
    if (sessaoId === undefined || this.#tokens.isGenuine(refreshToken)) return sessaoId;
    // From before tokens carried a proof of their origin.
    const [atual, anterior] = await this.#redis.hmget(familyKey(sessaoId), 'atual', 'anterior');
    const given = this.#tokens.digest(refreshToken);
    return given === atual || given === anterior ? sessaoId : undefined;
  }

  async carryOver(sessaoId: string, geracao: number): Promise<void> {
    await this.#redis.eval(CARRY_OVER, 1, familyKey(sessaoId), geracao);
  }

  async end(sessaoId: string): Promise<void> {
    const usuarioId = await this.ownerOf(sessaoId);
    if (usuarioId === undefined) return;
    const keys = [familyKey(sessaoId), ownerKey(usuarioId)];
    await this.#redis.eval(END, 2, ...keys, sessaoId, ENDED_SECONDS);
  }

  async forget(usuarioId: string): Promise<number> {
    const named = await this.#redis.zrevrange(ownerKey(usuarioId), 0, -1);
    // The set goes last: what dies half-way is found again.
    for (const sessaoId of named) await this.#redis.del(familyKey(sessaoId));
    await this.#redis.del(ownerKey(usuarioId), ...chavesDasEntradas(usuarioId));
    return named.length;
  }

  /** What of them is over for the account already goes first. */
  async #excedentes(usuarioId: string, geracao: number): Promise<string[]> {
    const abertas = await this.openOf(usuarioId);
    const ids = (sessoes: readonly SessaoAberta[]) => sessoes.map(({ sessaoId }) => sessaoId);
    const over = abertas.filter((sessao) => sessao.geracao !== geracao);
    const good = abertas.filter((sessao) => sessao.geracao === geracao);
    return [...ids(over), ...ids(good.slice(MAX_SESSIONS)).reverse()];
  }

  #fields(sessaoId: string): Promise<Record<string, string>> {
    return this.#redis.hgetall(familyKey(sessaoId));
  }

  async #judge(script: string, token: string, more: (string | number)[], set?: string): Promise<Found> {
    const sessaoId = this.#tokens.sessionOf(token);
    if (sessaoId === undefined) return { kind: 'unknown' };
    const keys = [familyKey(sessaoId), ...(set === undefined ? [] : [set])];
    const args = [
      this.#tokens.digest(token),
      this.#tokens.digest(this.#tokens.successor(token)),
      this.#now(),
      GRACE_SECONDS,
      this.#tokens.isGenuine(token) ? 'genuine' : '',
      ENDED_SECONDS,
      ...more,
    ];
    const judged = (await this.#redis.eval(script, keys.length, ...keys, ...args)) as Judged;
    const [verdict, usuarioId, geracao, fim, criadoEm, metodos] = judged;
    if (verdict === 'unknown') return { kind: 'unknown' };
    if (verdict === 'reused') return { kind: 'reused', sessaoId, usuarioId };
    return {
      ...{ kind: 'ok', sessaoId, usuarioId, geracao: Number(geracao ?? FIRST_GENERATION) },
      autenticadaEm: instant(Number(criadoEm ?? Number(fim) - ABSOLUTE_SECONDS)),
      metodos: (metodos ?? 'pwd').split(' ') as Metodo[],
    };
  }

  #now(): number {
    return Math.floor(this.#preciseNow());
  }

  /** By it sessions are in the order of their last use, also those of one second. */
  #preciseNow(): number {
    return this.#clock.now().getTime() / 1000;
  }
}

/** Undefined for a session that is over. */
function aberta(sessaoId: string, fields: Record<string, string>): SessaoAberta | undefined {
  const { usuario, encerrada, geracao, criadoEm, usadoEm, fim } = fields;
  const { dispositivo = '', endereco = '', metodos } = fields;
  if (usuario === undefined || encerrada !== undefined) return undefined;
  const criada = Number(criadoEm ?? Number(fim) - ABSOLUTE_SECONDS);
  const usada = Number(usadoEm ?? criada);
  return {
    ...{ sessaoId, dispositivo, endereco, geracao: Number(geracao ?? FIRST_GENERATION) },
    metodos: (metodos?.split(' ') ?? []) as Metodo[],
    criadoEm: instant(criada),
    usadoEm: instant(usada),
    expiraEm: instant(Math.min(usada + IDLE_SECONDS, Number(fim))),
  };
}

const familyKey = (sessaoId: string) => `sessao:${sessaoId}`;
const ownerKey = (usuarioId: string) => `sessoes:${usuarioId}`;
const instant = (seconds: number) => new Date(seconds * 1_000);
