import type { DadosPessoaisService } from '@plataforma/contratos/pagamentos/v1/dados_pessoais_service_pb';
import type { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import type { RotaDeclarada } from '@plataforma/runtime/http-routes';
import { PESSOAS } from '@plataforma/runtime/principal';
import { type AcessoDe, comEscopo, type Regra } from '@plataforma/runtime/rpc';

const ADMIN = { papeis: ['ADMIN'] } as const;

/** Who runs a space sees its reservations, and no payment. A list, and what is asked of somebody else, is the caller's own. */
const DO_PAGADOR = { DONO: 'PODE', ADMIN: 'PODE', OUTROS: 'OMITIDO' } as const;

const DAS_TRANSACOES: Regra = { papeis: PESSOAS, respostas: DO_PAGADOR, escopo: 'pagamentos:ler' };

export const PAGAMENTOS: AcessoDe<typeof PagamentosService> = {
  criarCobranca: { papeis: ['ADMIN'], servicos: ['reservas'] },
  usarCreditos: { servicos: ['reservas'] },
  obterPagamento: {
    papeis: PESSOAS,
    servicos: ['reservas'],
    escopo: 'pagamentos:ler',
    respostas: { DONO: 'PODE', ADMIN: 'PODE', OUTROS: 'NAO_ENCONTRADO' },
  },
  listarTransacoes: DAS_TRANSACOES,
  obterExtrato: DAS_TRANSACOES,
  obterTotais: comEscopo('pagamentos:ler', ADMIN),
  listarEventos: ADMIN,
  estornarPagamento: comEscopo('pagamentos:escrever', ADMIN),
  obterCreditos: DAS_TRANSACOES,
};

/** All that is known about a person is told to auth alone, which asks that person first. */
export const DADOS_PESSOAIS: AcessoDe<typeof DadosPessoaisService> = {
  exportarDados: { servicos: ['auth'] },
};

/** ListarTransacoes in another form. */
export const TRANSACOES_CSV = {
  method: 'GET',
  path: '/api/v1/transacoes.csv',
  acesso: DAS_TRANSACOES,
} as const satisfies RotaDeclarada;

export const WEBHOOK: RotaDeclarada = {
  method: 'POST',
  path: '/api/v1/webhooks/stripe',
  acesso: 'ASSINATURA',
};
