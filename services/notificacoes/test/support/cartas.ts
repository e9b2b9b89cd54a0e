import type { Conteudo } from '../../src/canais/domain/mensagem.ts';
import type { Curto, Modelos } from '../../src/modelos/application/modelos.ts';
import { type DadosAvisoDeSeguranca, TIPOS_DE_AVISO } from '../../src/modelos/domain/aviso.ts';
import type { DadosWebhookDesativado } from '../../src/modelos/domain/desativacao.ts';
import type { DadosContatosNaoEntregaveis } from '../../src/modelos/domain/devolucoes.ts';
import type {
  DadosPorModelo,
  DadosReservaCancelada,
  DadosReservaConfirmada,
  Modelo,
  ModeloComDados,
} from '../../src/modelos/domain/modelo.ts';
import { resumoDe } from '../../src/modelos/domain/resumo.ts';
import { detalhes } from './samples.ts';

/** One of the letters that there are: a message, or several that are told in one. */
export interface Carta {
  /** Model and variant. */
  readonly titulo: string;
  readonly mensagens: readonly [ModeloComDados, ...ModeloComDados[]];
}

const pagamento = { pagamentoId: 'pag_7Yt2Kp4m', moeda: 'BRL' };
const pago = { ...pagamento, valorCentavos: '25000' };
const codigo = { codigo: 'AbC-dEf_0123456789', email: 'ana@exemplo.com' };
const checkoutUrl = 'https://checkout.exemplo.com/c/pay/cs_1?a=1&b=2#x';

const confirmada: DadosReservaConfirmada = {
  ...detalhes,
  ...pago,
  espacoEndereco: 'Av. Paulista, 1000; 2º andar, São Paulo',
  confirmadaEm: '2026-11-20T12:34:56.000Z',
};

const cancelada: DadosReservaCancelada = {
  ...detalhes,
  ...pagamento,
  motivo: 'Choveu demais',
  reembolsoCentavos: '12500',
  creditoCentavos: '0',
  canceladaEm: '2026-11-22T12:34:56.000Z',
  comCalendario: true,
};

const estorno = { ...pago, reservaId: detalhes.reservaId, reserva: detalhes };
const oferta = { ...detalhes, ...pago, expiraEm: '2026-11-20T13:30:00.000Z', checkoutUrl };

const aPagar = { ...detalhes, ...pago, expiraEm: oferta.expiraEm, checkoutUrl };

const aviso: Omit<DadosAvisoDeSeguranca, 'tipo'> = {
  em: '2026-11-20T12:34:56.000Z',
  enderecoIp: '203.0.113.7',
  dispositivo: 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
};

const desativado: DadosWebhookDesativado = {
  ...{ webhookId: 'whk_4Kd9Tz2m', nomeDoWebhook: 'Loja', receptor: 'loja.exemplo.com', causa: 'FALHAS' },
  ...{ falhandoDesde: '2026-11-15T12:34:56.000Z', em: aviso.em, ultimoStatus: 503 },
};

const devolucoes: DadosContatosNaoEntregaveis = {
  ...{ novos: 2, total: 7, reclamacoes: 0 },
  contatos: [
    { clienteId: 'cli_4Kd9Tz2m', destino: 'a***@exemplo.com', motivo: 'SendGrid bounce 5.1.1' },
    { clienteId: 'cli_7Yt2Kp4m', destino: 'b***@exemplo.org', motivo: 'SendGrid dropped' },
  ],
};

/** Every model, with each of its variants: a model without a sample does not compile. */
const DADOS: { readonly [M in Modelo]: Readonly<Record<string, DadosPorModelo[M]>> } = {
  RESERVA_RECEBIDA: { '': aPagar, 'paga em parte': { ...aPagar, creditosCentavos: '3000' } },
  RESERVA_CONFIRMADA: { paga: confirmada, gratuita: { ...confirmada, valorCentavos: '0', pagamentoId: '' } },
  RESERVA_CANCELADA: {
    'com reembolso': cancelada,
    'com reembolso em duas partes': { ...cancelada, reembolsoCreditosCentavos: '2500' },
    'com crédito': { ...cancelada, creditoCentavos: '1250' },
    'só com crédito': { ...cancelada, reembolsoCentavos: '0', creditoCentavos: '1250' },
    'a confirmar': { ...cancelada, aConfirmar: true },
    'a confirmar, com crédito': { ...cancelada, aConfirmar: true, creditoCentavos: '1250' },
    'sem valor': { ...cancelada, reembolsoCentavos: '0', pagamentoId: '', comCalendario: false },
  },
  RESERVA_EXPIRADA: { 'da espera': detalhes, 'da fila': { ...detalhes, ofertaDaFila: true } },
  LEMBRETE_RESERVA: { '': { ...detalhes, espacoEndereco: confirmada.espacoEndereco } },
  PAGAMENTO_RECUSADO: { '': { ...detalhes, expiraEm: oferta.expiraEm, checkoutUrl } },
  PAGAMENTO_APROVADO: { '': estorno },
  ESTORNO_SOLICITADO: {
    pedido: { ...estorno, porque: 'PEDIDO', creditosCentavos: '5000' },
    'não aproveitado': { ...estorno, porque: 'NAO_APROVEITADO' },
    'de um excedente': { ...estorno, porque: 'EXCEDENTE' },
  },
  ESTORNO_CONCLUIDO: {
    'no cartão': estorno,
    'em créditos': { ...estorno, emCreditos: true },
    'em duas partes': { ...estorno, creditosCentavos: '5000' },
    'de um excedente': { ...estorno, excedente: true },
  },
  ESTORNO_FALHOU: {
    recusado: estorno,
    'depois de devolvido': { ...estorno, devolvido: true },
    contestado: { ...estorno, contestado: true },
  },
  VAGA_OFERECIDA: {
    'da fila': oferta,
    'por uma pessoa': { ...oferta, porPessoa: true },
    'paga em parte': { ...oferta, creditosCentavos: '3000' },
    gratuita: { ...oferta, valorCentavos: '0', checkoutUrl: '' },
  },
  BOAS_VINDAS: { '': { codigo: codigo.codigo } },
  AVISO_DE_SEGURANCA: {
    ...Object.fromEntries(TIPOS_DE_AVISO.map((tipo) => [tipo, { ...aviso, tipo }])),
    ...Object.fromEntries(
      (['EMAIL_ALTERADO', 'EMAIL_ALTERACAO_PEDIDA', 'CADASTRO_REPETIDO'] as const).map((tipo) => [
        `${tipo}, com volta`,
        { ...aviso, tipo, voltaAte: '2026-11-27T12:34:56.000Z' },
      ]),
    ),
    CONTA_REMOVIDA: { ...aviso, tipo: 'CONTA_REMOVIDA', protocolo: 'prt_8Fh3Lw1c' },
  },
  REDEFINICAO_SENHA: { '': codigo, 'devolve o endereço': { ...codigo, devolveEndereco: true } },
  TROCA_DE_EMAIL: { '': codigo },
  WEBHOOK_DESATIVADO: {
    'sem entrega há dias': desativado,
    'que não existe mais': { ...desativado, causa: 'GONE', ultimoStatus: 410 },
    'que não responde': { ...desativado, ultimoStatus: 0 },
  },
  CONTATOS_NAO_ENTREGAVEIS: {
    poucos: devolucoes,
    'muitos, e reclamações': { ...devolucoes, novos: 1_200, total: 4_321, reclamacoes: 3 },
    um: { ...devolucoes, novos: 1, total: 1, contatos: devolucoes.contatos.slice(0, 1) },
  },
  CODIGO_DE_TELEFONE: { '': { codigo: '482913', telefone: '+5511987654321' } },
};

const daSerie = (n: number) => ({
  reservaId: `res_${n}`,
  serieId: 'ser_1',
  inicio: `2026-12-0${n}T17:00:00.000Z`,
  fim: `2026-12-0${n}T19:00:00.000Z`,
});

const resumo = (titulo: string, de: (n: number) => ModeloComDados): Carta => ({
  titulo: `Resumo da série: ${titulo}`,
  mensagens: [de(1), de(2), de(3)],
});

/** All letters that there are, with ordinary data. */
export const CARTAS: readonly Carta[] = [
  ...Object.entries(DADOS).flatMap(([modelo, variantes]) =>
    Object.entries(variantes).map(
      ([variante, dados]): Carta => ({
        titulo: variante === '' ? modelo : `${modelo}: ${variante}`,
        mensagens: [{ modelo, dados } as ModeloComDados],
      }),
    ),
  ),
  resumo('recebidas', (n) => ({ modelo: 'RESERVA_RECEBIDA', dados: { ...aPagar, ...daSerie(n) } })),
  resumo('confirmadas', (n) => ({ modelo: 'RESERVA_CONFIRMADA', dados: { ...confirmada, ...daSerie(n) } })),
  resumo('canceladas', (n) => ({ modelo: 'RESERVA_CANCELADA', dados: { ...cancelada, ...daSerie(n) } })),
  resumo('canceladas, a confirmar', (n) => ({
    modelo: 'RESERVA_CANCELADA',
    dados: { ...cancelada, ...daSerie(n), aConfirmar: true, creditoCentavos: '1250' },
  })),
  resumo('expiradas', (n) => ({ modelo: 'RESERVA_EXPIRADA', dados: { ...detalhes, ...daSerie(n) } })),
];

/** So many confirmations of one series. */
export const deUmaSerie = (quantas: number): Carta => {
  const de = (n: number): ModeloComDados => ({
    modelo: 'RESERVA_CONFIRMADA',
    dados: { ...confirmada, ...daSerie(1), reservaId: `res_${n}` },
  });
  return { titulo: '', mensagens: [de(0), ...Array.from({ length: quantas - 1 }, (_, n) => de(n + 1))] };
};

/** Writes one for telephones. */
export function encurtar(
  modelos: Modelos,
  { mensagens }: Carta,
): { readonly sms: string; readonly curto: Curto } {
  const [primeira] = mensagens;
  const mensagem = (mensagens.length > 1 ? resumoDe(mensagens) : undefined) ?? primeira;
  return { sms: modelos.sms(mensagem), curto: modelos.curto(mensagem, 'Ana') };
}

/** Writes one, to a person of this name. */
export function escrever(
  modelos: Modelos,
  { mensagens }: Carta,
  nome: string,
): Conteudo & { readonly assunto: string } {
  const [primeira] = mensagens;
  const junto = mensagens.length > 1 ? resumoDe(mensagens) : undefined;
  if (junto !== undefined) return modelos.resumir(junto, nome);
  return modelos.renderizar(primeira, nome);
}
