import type { HttpResponse, HttpRoute } from '@plataforma/runtime/http-routes';
import { OAUTH_TOKEN } from '../../contrato/presentation/acesso.ts';
import { type OrigemDe, origemDaRota } from '../../contrato/presentation/origem.ts';
import type { Troca, TrocarPorTokenHandler } from '../application/trocar-por-token.ts';
import { type ErroDoToken, pedidoFrom, type Recusa } from './token-request.ts';

/** What is no identity or no secret of a key, nobody is asked about. */
interface Formas {
  readonly pareceId: (text: string) => boolean;
  readonly pareceSegredo: (text: string) => boolean;
}

const STATUS: Readonly<Record<ErroDoToken, number>> = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_scope: 400,
  unsupported_grant_type: 400,
  temporarily_unavailable: 429,
};

const DESCONHECIDA = 'there is no such key, or its secret is another one';

const RECUSAS: Readonly<Record<Exclude<Troca['tipo'], 'TOKEN' | 'DEMAIS'>, Recusa>> = {
  DESCONHECIDA: { erro: 'invalid_client', descricao: DESCONHECIDA },
  ENCERRADA: { erro: 'invalid_client', descricao: 'the key was revoked or has expired' },
  CONTA_FECHADA: { erro: 'invalid_client', descricao: 'the account of the key is suspended or gone' },
  ESCOPO_NAO_CONCEDIDO: { erro: 'invalid_scope', descricao: 'the key has not got all of these scopes' },
};

/** The token endpoint of OAuth 2.0, for API keys alone: client credentials (RFC 6749, 4.4). */
export function tokenRoute(
  trocar: TrocarPorTokenHandler,
  { pareceId, pareceSegredo }: Formas,
  origemDe: OrigemDe,
): HttpRoute {
  return {
    ...OAUTH_TOKEN,
    async handle(request) {
      const pedido = pedidoFrom(request);
      if ('erro' in pedido) return recusada(pedido);
      const { clientId: chaveId, clientSecret: segredo, escopos } = pedido;
      if (!pareceId(chaveId) || !pareceSegredo(segredo)) return recusada(RECUSAS.DESCONHECIDA);
      const origem = origemDaRota(origemDe, request);
      const troca = await trocar.execute({ chaveId, segredo, escopos, origem });
      if (troca.tipo === 'TOKEN') return concedida(troca);
      if (troca.tipo !== 'DEMAIS') return recusada(RECUSAS[troca.tipo]);
      const depois = { 'retry-after': String(Math.max(1, Math.ceil(troca.segundos))) };
      return recusada({ erro: 'temporarily_unavailable', descricao: 'too many requests' }, depois);
    },
  };
}

function concedida({ token, expiraEmSegundos, escopos }: Extract<Troca, { tipo: 'TOKEN' }>): HttpResponse {
  return answer(200, {
    access_token: token,
    token_type: 'Bearer',
    expires_in: expiraEmSegundos,
    scope: escopos.join(' '),
  });
}

function recusada({ erro, descricao }: Recusa, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  const challenge = erro === 'invalid_client' ? { 'www-authenticate': 'Basic realm="reservas"' } : {};
  return answer(STATUS[erro], { error: erro, error_description: descricao }, { ...challenge, ...headers });
}

/** Nothing of it may be kept on the way (RFC 6749, 5.1). */
function answer(status: number, body: object, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return {
    status,
    headers: {
      ...{ 'content-type': 'application/json', 'cache-control': 'no-store', pragma: 'no-cache' },
      ...headers,
    },
    body: JSON.stringify(body),
  };
}
