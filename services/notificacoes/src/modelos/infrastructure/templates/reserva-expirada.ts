import type { DadosReservaExpirada } from '../../domain/modelo.ts';
import { COR } from '../leiaute/leiaute.ts';
import { assuntoDe, ondeEQuando, previaDe } from '../leiaute/reserva.ts';
import type { Template } from '../leiaute/template.ts';

/** Another customer may have the slot by now. */
const DEPOIS_DA_OFERTA =
  'Sua vez na fila passou. Se ainda quiser o espaço, entre na plataforma e procure outro horário ou entre na fila de novo.';

/** Who let a period go unpaid is refused the same one for a while, as the space has it. */
const DEPOIS_DA_ESPERA =
  'Se ainda quiser o espaço, entre na plataforma e faça uma nova reserva; para este mesmo horário, pode ser preciso esperar alguns minutos.';

/** Says that a reservation was not paid in time and its slot is free again. */
export const reservaExpirada: Template<DadosReservaExpirada> = {
  assunto: (dados) => assuntoDe('Reserva expirada', dados),
  visao: (dados) => ({
    previa: previaDe(dados),
    selo: { texto: 'Pagamento não recebido', cor: COR.neutra },
    cabecalho: 'Reserva expirada',
    introducao: 'O pagamento não chegou a tempo, e o horário foi liberado. Nada foi cobrado.',
    abertura: 'O pagamento não chegou a tempo, e o horário foi liberado. Nada foi cobrado.',
    linhas: [...ondeEQuando(dados), { rotulo: 'Reserva', valor: dados.reservaId }],
    fecho: dados.ofertaDaFila ? DEPOIS_DA_OFERTA : DEPOIS_DA_ESPERA,
  }),
};
