import type { IncomingHttpHeaders } from 'node:http';
import { ListarTransacoesRequestSchema } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import type { AdminLooks, LookingCall } from '@plataforma/runtime/admin-looks';
import { admit, authenticate } from '@plataforma/runtime/bearer';
import { callValues } from '@plataforma/runtime/call-context';
import type { HttpRoute } from '@plataforma/runtime/http-routes';
import type { TokenVerifier } from '@plataforma/runtime/jwt';
import { type Principal, principalKey } from '@plataforma/runtime/principal';
import { requestFromQuery } from '@plataforma/runtime/request-from-query';
import { TRANSACOES_CSV } from '../../pagamento/presentation/acesso.ts';
import { alcance } from '../../pagamento/presentation/alcance.ts';
import { titularesDoCsv } from '../../pagamento/presentation/consultas.ts';
import type { TransacaoView } from '../application/ports.ts';
import type { TransacoesQueries } from '../application/transacoes-queries.ts';
import { decimal, linhaCsv } from './csv.ts';
import { filtroFrom } from './transacoes-mappers.ts';

interface Deps {
  readonly transacoes: TransacoesQueries;
  readonly verifier: TokenVerifier;
  readonly looks: Pick<AdminLooks, 'shown'>;
}

const ROTA = `${TRANSACOES_CSV.method} ${TRANSACOES_CSV.path}`;

/** Named as in the REST route of the list, which has pages besides. */
const FILTROS = ['reservaId', 'pagamentoId', 'clienteId', 'dataInicio', 'dataFim', 'tipo'];

const COLUNAS: ReadonlyArray<readonly [titulo: string, valor: (transacao: TransacaoView) => string]> = [
  ['id', ({ id }) => id],
  ['ocorrida_em', ({ ocorridoEm }) => ocorridoEm.toISOString()],
  ['tipo', ({ tipo }) => tipo],
  ['valor', ({ valor }) => decimal(valor.centavos)],
  ['moeda', ({ valor }) => valor.moeda],
  ['pagamento_id', ({ pagamentoId }) => pagamentoId],
  ['reserva_id', ({ reservaId }) => reservaId],
  ['cliente_id', ({ clienteId }) => clienteId],
];

/**
 * ListarTransacoes without pages, as CSV: a plain route, because grpc-gateway knows no body but JSON. The same filters,
 * the same tokens and the same reach.
 */
export function transacoesCsvRoute({ transacoes, verifier, looks }: Deps): HttpRoute {
  return {
    ...TRANSACOES_CSV,
    async handle({ headers, query, peer }) {
      const principal = await authenticate(headers.authorization, verifier);
      admit(TRANSACOES_CSV.acesso, principal);
      const filtro = requestFromQuery(ListarTransacoesRequestSchema, query, FILTROS);
      const lotes = transacoes.exportar(filtroFrom(filtro), alcance(principal));
      // Fetched before the answer begins, so that a database that is away is still an error of its own.
      const primeiro = await lotes.next();
      const primeiras = primeiro.done ? [] : primeiro.value;
      await looks.shown(titularesDoCsv(filtro, primeiras), ROTA, chamadaDe(principal, peer, headers));
      return {
        status: 200,
        headers: {
          'content-type': 'text/csv; charset=utf-8; header=present',
          'content-disposition': 'attachment; filename="transacoes.csv"',
          'cache-control': 'no-store',
        },
        body: linhas(primeiras, lotes),
      };
    },
  };
}

/** A plain route as an RPC would be seen: who calls, and from where. */
function chamadaDe(principal: Principal, peer: string, headers: IncomingHttpHeaders): LookingCall {
  const forwarded = headers['x-forwarded-for'];
  return {
    values: callValues(peer).set(principalKey, principal),
    requestHeader: new Headers(forwarded === undefined ? {} : { 'x-forwarded-for': String(forwarded) }),
  };
}

async function* linhas(
  primeiro: readonly TransacaoView[],
  outros: AsyncIterable<readonly TransacaoView[]>,
): AsyncIterable<string> {
  yield linhaCsv(COLUNAS.map(([titulo]) => titulo)) + texto(primeiro);
  for await (const lote of outros) yield texto(lote);
}

function texto(lote: readonly TransacaoView[]): string {
  return lote.map((transacao) => linhaCsv(COLUNAS.map(([, valor]) => valor(transacao)))).join('');
}
