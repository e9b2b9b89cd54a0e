import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '@plataforma/domain/clock';
import { escreverCalendario } from '@plataforma/domain/formats/icalendar';
import type { HttpResponse, HttpRoute } from '@plataforma/runtime/http-routes';
import { FEED } from '../../comum/presentation/acesso.ts';
import { valueOrThrow } from '../../comum/presentation/errors.ts';
import type { CalendariosQueries } from '../application/calendarios-queries.ts';

interface Deps {
  readonly calendarios: Pick<CalendariosQueries, 'feed'>;
  readonly clock: Clock;
}

const CAMINHO = FEED.path.slice(0, -1);
const SUFIXO = '.ics';
const ATUALIZAR_A_CADA_MINUTOS = 15;

/**
 * Dates of HTTP are whole seconds, and a change may be committed a moment after another that is newer: younger than
 * this, a date says too little about what was sent with it.
 */
const IDADE_MINIMA_MS = 60_000;

/** The address that is answered when a feed is made. */
export function enderecoDoFeed(publicUrl: string, token: string): string {
  return `${publicUrl.replace(/\/$/, '')}${CAMINHO}${token}${SUFIXO}`;
}

/** The feed itself, for programs that know nothing but its address. */
export function calendarioFeedRoute({ calendarios, clock }: Deps): HttpRoute {
  return {
    ...FEED,
    async handle({ rest, headers }) {
      const token = rest.endsWith(SUFIXO) ? rest.slice(0, -SUFIXO.length) : '';
      const { nome, eventos, alteradoEm } = valueOrThrow(await calendarios.feed(token));
      const body = escreverCalendario({
        produtor: '-//Plataforma de Reservas//Reservas//PT-BR',
        nome,
        atualizarACadaMinutos: ATUALIZAR_A_CADA_MINUTOS,
        eventos,
      });
      const antigo = alteradoEm && clock.now().getTime() - alteradoEm.getTime() > IDADE_MINIMA_MS;
      return answer(headers, body, antigo ? alteradoEm : undefined);
    },
  };
}

/** RFC 9110, 13: what the client has is told by its tag, or by its date when it sends no tag. */
function answer(requested: IncomingHttpHeaders, body: string, lastModified: Date | undefined): HttpResponse {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  const headers = {
    etag,
    ...(lastModified && { 'last-modified': lastModified.toUTCString() }),
    // Kept by the program alone, no cache in between, and asked for again every time: a revoked feed ends at once.
    'cache-control': 'private, no-cache',
    'referrer-policy': 'no-referrer',
  };
  if (isCurrent(requested, etag, lastModified)) return { status: 304, headers };
  return { status: 200, headers: { ...headers, 'content-type': 'text/calendar; charset=utf-8' }, body };
}

function isCurrent(requested: IncomingHttpHeaders, etag: string, lastModified: Date | undefined): boolean {
  const tags = requested['if-none-match'];
  if (tags !== undefined) {
    const known = tags.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
    return known.includes('*') || known.includes(etag);
  }
  const since = Date.parse(requested['if-modified-since'] ?? '');
  return lastModified !== undefined && Math.floor(lastModified.getTime() / 1000) * 1000 <= since;
}
