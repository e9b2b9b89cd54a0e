import { Dinheiro } from '@plataforma/domain/dinheiro';
import { MINUTO_MS } from '../../tempo/domain/periodo-reserva.ts';
import type { Autoria, DadosReserva, EstadoReserva } from './estado-reserva.ts';

/** A hold of which nothing has happened yet. */
export function estadoInicial(
  dados: DadosReserva,
  esperaPagamentoMinutos: number,
  { quem, em }: Autoria,
): EstadoReserva {
  return {
    ...dados,
    criadaPor: quem,
    status: 'PENDENTE_COBRANCA',
    versao: 0,
    expiraEm: new Date(em.getTime() + esperaPagamentoMinutos * MINUTO_MS),
    criadoEm: em,
    atualizadoEm: em,
    aceitaEm: undefined,
    checkoutUrl: undefined,
    pagamentoId: undefined,
    confirmadoEm: undefined,
    pagoEm: undefined,
    creditosUsados: Dinheiro.zero(),
    expiracao: undefined,
    devolucao: undefined,
    cancelamento: undefined,
    estorno: undefined,
    estornos: [],
    devolvivel: undefined,
    pagamentoNaoAproveitado: undefined,
  };
}
