import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  AvisoDeSegurancaSchema,
  RedefinicaoSenhaPedidaSchema,
  SessaoEncerradaSchema,
  TipoAvisoSeguranca,
  TrocaDeEmailPedidaSchema,
  UsuarioAtualizadoSchema,
  UsuarioRegistradoSchema,
  UsuarioRemovidoSchema,
} from '@plataforma/contratos/auth/v1/eventos_pb';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import {
  CobrancaCanceladaSchema,
  CobrancaCriadaSchema,
  EstornoConcluidoSchema,
  EstornoFalhouSchema,
  EstornoSolicitadoSchema,
  PagamentoAprovadoSchema,
  PagamentoRecusadoSchema,
} from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import {
  ReservaAceitaSchema,
  ReservaCanceladaSchema,
  ReservaConcluidaSchema,
  ReservaConfirmadaSchema,
  ReservaCriadaSchema,
  ReservaExpiradaSchema,
  ReservaOferecidaSchema,
  VagaOferecidaSchema,
} from '@plataforma/contratos/reservas/v1/eventos_pb';
import type { HeardEvent } from '@plataforma/pacts/consumer-pact';

/** What notificacoes needs of the events of the other services, by durable consumer. */
type Needs = Readonly<Record<string, readonly HeardEvent[]>>;

const em = (instante: string) => timestampFromDate(new Date(instante));
const brl = (centavos: bigint) => ({ centavos, moeda: 'BRL' });

const ids = { reservaId: 'res_pacto', clienteId: 'cli_pacto' };
const ocorridoEm = em('2026-11-20T12:00:00Z');
const expiraEm = em('2026-11-20T12:15:00Z');
const periodo = { dataInicio: em('2026-11-24T17:00:00Z'), dataFim: em('2026-11-24T19:00:00Z') };
const detalhes = { ...ids, ...periodo, espacoNome: 'Sala Ipê', fusoHorario: 'America/Sao_Paulo' };
const valor = brl(25_000n);
const deVolta = { reembolso: brl(12_500n), creditoBonus: brl(1_250n) };
const semVolta = ['reembolso', 'creditoBonus', 'motivo', 'pagamentoId', 'serieId'];
const comVolta = ['motivo', 'pagamentoId', 'serieId'];
const VOLTA = 'money and a bonus go back';
const serie = ['serieId'];
const oferta = { needs: { ...detalhes, valor, expiraEm } };

export const OF_RESERVAS: Needs = {
  'notificacoes-reservas': [
    { schema: ReservaCriadaSchema, needs: { ...detalhes, expiraEm }, mayLack: serie },
    {
      schema: ReservaConfirmadaSchema,
      needs: { ...detalhes, valor, ocorridoEm, espacoEndereco: 'Avenida São João, 439' },
      mayLack: ['pagamentoId', 'serieId'],
    },
    { schema: ReservaCanceladaSchema, needs: { ...detalhes, ocorridoEm }, mayLack: semVolta },
    {
      ...{ schema: ReservaCanceladaSchema, given: VOLTA },
      ...{ needs: { ...detalhes, ...deVolta, ocorridoEm }, mayLack: comVolta },
    },
    { schema: ReservaExpiradaSchema, needs: ids },
    { schema: VagaOferecidaSchema, ...oferta },
    { schema: ReservaOferecidaSchema, ...oferta },
  ],
  'notificacoes-webhooks-reservas': publicas(),
};

/** What integrators are told. */
function publicas(): HeardEvent[] {
  const onde = { reservaId: 'res_pacto', espacoId: 'esp_pacto' };
  const fato = { ...onde, ocorridoEm };
  const comPagamento = ['pagamentoId', 'serieId'];
  return [
    { schema: ReservaCriadaSchema, needs: { ...fato, ...periodo, expiraEm, valor }, mayLack: serie },
    { schema: ReservaConfirmadaSchema, needs: { ...fato, ...periodo, valor }, mayLack: comPagamento },
    {
      schema: ReservaCanceladaSchema,
      needs: { ...fato, ...periodo },
      mayLack: ['reembolso', ...comPagamento],
    },
    { schema: ReservaExpiradaSchema, needs: fato, mayLack: serie },
    { schema: ReservaConcluidaSchema, needs: fato },
    { schema: ReservaAceitaSchema, needs: onde },
    { schema: ReservaOferecidaSchema, needs: onde },
    { schema: VagaOferecidaSchema, needs: onde },
  ];
}

const pagamento = { reservaId: 'res_pacto', pagamentoId: 'pag_pacto' };
/** Nothing is said of what is zero. */
const pedido = {
  numero: 1,
  movimentos: 1,
  origem: 'CANCELAMENTO',
  valor: brl(12_500n),
  creditos: { moeda: 'BRL' },
};
const estorno = { ...ids, pagamentoId: 'pag_pacto', numero: 1, valor: brl(12_500n), pedido };
const mayLack = ['pedido.creditos.centavos'];
const devolvido = { ...pagamento, ocorridoEm, numero: 1, valor: brl(12_500n) };

export const OF_PAGAMENTOS: Needs = {
  'notificacoes-pagamentos': [
    {
      schema: CobrancaCriadaSchema,
      needs: { ...ids, checkoutUrl: 'https://pay.example/1', valor },
      mayLack: ['creditosUsados'],
    },
    { schema: PagamentoAprovadoSchema, needs: { ...ids, pagamentoId: 'pag_pacto', valor, ocorridoEm } },
    { schema: PagamentoRecusadoSchema, needs: ids },
    {
      ...{ schema: CobrancaCanceladaSchema, given: 'a charge that was paid is closed' },
      needs: { ...ids, ocorridoEm, foiPaga: true },
    },
    { schema: EstornoSolicitadoSchema, needs: estorno, mayLack },
    { schema: EstornoConcluidoSchema, needs: estorno, mayLack },
    {
      schema: EstornoFalhouSchema,
      needs: { ...estorno, codigo: 'lost_or_stolen_card' },
      mayLack,
    },
  ],
  'notificacoes-webhooks-pagamentos': [
    { schema: PagamentoAprovadoSchema, needs: { ...pagamento, valor, ocorridoEm } },
    { schema: PagamentoRecusadoSchema, needs: { ...pagamento, ocorridoEm } },
    { schema: EstornoConcluidoSchema, needs: devolvido },
    { schema: EstornoFalhouSchema, needs: devolvido },
  ],
};

const usuarioId = 'cli_pacto';
const contato = {
  needs: { usuarioId, nome: 'Ana', email: 'ana@exemplo.com' },
  mayLack: ['codigoVerificacao'],
};
const atualizado = { schema: UsuarioAtualizadoSchema, given: 'somebody may work' };
const papeis = [PapelUsuario.ADMIN];
const codigo = { usuarioId, email: 'ana@exemplo.com', codigo: 'abc', ocorridoEm };

export const OF_AUTH: Needs = {
  'notificacoes-contatos': [
    { schema: UsuarioRegistradoSchema, ...contato },
    { schema: UsuarioAtualizadoSchema, ...contato },
    { schema: UsuarioRemovidoSchema, needs: { usuarioId, protocolo: 'AbC-dEf_0123456789AbC-dEf_012345' } },
  ],
  'notificacoes-administradores': [
    { schema: UsuarioRegistradoSchema, needs: { usuarioId, papeis } },
    { ...atualizado, needs: { usuarioId, papeis, ativo: true } },
    { schema: UsuarioRemovidoSchema, needs: { usuarioId } },
  ],
  'notificacoes-avisos': [
    {
      schema: AvisoDeSegurancaSchema,
      needs: { usuarioId, tipo: TipoAvisoSeguranca.SENHA_ALTERADA, ocorridoEm },
      mayLack: ['enderecoIp', 'dispositivo', 'email', 'voltaAte'],
    },
    { schema: RedefinicaoSenhaPedidaSchema, needs: codigo },
    { schema: TrocaDeEmailPedidaSchema, needs: codigo },
  ],
  'notificacoes-dispositivos': [
    { ...atualizado, needs: { usuarioId, ativo: true, geracaoSessoes: 2 } },
    { schema: SessaoEncerradaSchema, needs: { sessaoId: 'sessao-1' } },
  ],
  'notificacoes-webhooks-contas': [{ ...atualizado, needs: { usuarioId, papeis, ativo: true } }],
};
