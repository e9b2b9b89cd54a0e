import type { DadosReservaCancelada } from '../../../domain/modelo.ts';
import type { Idioma } from '../../idiomas/idioma.ts';
import { arquivoDeAgenda } from '../../leiaute/agenda.ts';
import { curtaDeReserva } from '../../leiaute/curto.ts';
import { COR, type Linha } from '../../leiaute/leiaute.ts';
import {
  assuntoDe,
  dinheiroDe,
  dinheiroOuNada,
  ondeEQuando,
  partesDaVolta,
  previaDe,
} from '../../leiaute/reserva.ts';
import type { Template } from '../../leiaute/template.ts';
import { umaLinha } from '../../leiaute/uma-linha.ts';

/** Says that a reservation is off, what comes back, and takes the entry out of the calendar if it was put there. */
export const reservaCancelada: Template<DadosReservaCancelada> = {
  assunto: (dados, idioma) => assuntoDe('reservaCancelada.assunto', dados, idioma),
  curta(dados, idioma) {
    const { reembolsoCentavos, creditoCentavos, moeda } = dados;
    const valores = {
      reembolso: dinheiroDe(reembolsoCentavos, moeda, idioma),
      credito: dinheiroDe(creditoCentavos, moeda, idioma),
    };
    const volta = idioma.t(`reservaCancelada.voltaCurta.${oQueVolta(dados)}`, valores);
    return curtaDeReserva('reservaCancelada', dados, idioma, { volta });
  },
  visao(dados, idioma) {
    const volta = idioma.t(`reservaCancelada.volta.${oQueVolta(dados)}`);
    const frase = idioma.t('reservaCancelada.introducao', { volta });
    return {
      previa: previaDe(dados, idioma),
      selo: { texto: idioma.t('reservaCancelada.selo'), cor: COR.alerta },
      cabecalho: idioma.t('reservaCancelada.cabecalho'),
      introducao: frase,
      abertura: frase,
      linhas: [
        ...ondeEQuando(dados, idioma),
        { rotulo: idioma.t('rotulos.motivo'), valor: umaLinha(dados.motivo) },
        ...reembolso(dados, idioma),
        {
          rotulo: idioma.t('rotulos.creditoBonus'),
          valor: dinheiroOuNada(dados.creditoCentavos, dados.moeda, idioma),
        },
        { rotulo: idioma.t('rotulos.reserva'), valor: dados.reservaId },
        { rotulo: idioma.t('rotulos.pagamento'), valor: dados.pagamentoId },
      ],
      fecho: fecho(dados, idioma),
    };
  },
  anexos: (dados, idioma, remetente) =>
    dados.comCalendario ? [arquivoDeAgenda(dados, foraDaAgenda(dados, idioma), idioma, remetente)] : [],
};

/** As it moves: what comes back as credit and what goes to the card apart, when it is both. */
function reembolso(
  { reembolsoCentavos, reembolsoCreditosCentavos: creditos = '0', aConfirmar, moeda }: DadosReservaCancelada,
  idioma: Idioma,
): Linha[] {
  if (aConfirmar) return [];
  const total = {
    rotulo: idioma.t('rotulos.reembolso'),
    valor: dinheiroOuNada(reembolsoCentavos, moeda, idioma),
  };
  return [total, ...partesDaVolta(reembolsoCentavos, creditos, moeda, idioma)];
}

function oQueVolta({ reembolsoCentavos, creditoCentavos, aConfirmar }: DadosReservaCancelada) {
  const [reembolso, credito] = [reembolsoCentavos !== '0', creditoCentavos !== '0'];
  if (aConfirmar) return credito ? 'aConfirmarComCredito' : 'aConfirmar';
  if (reembolso) return credito ? 'reembolsoECredito' : 'reembolso';
  return credito ? 'credito' : 'nada';
}

function fecho({ comCalendario, reservaId }: DadosReservaCancelada, idioma: Idioma): string {
  const procure = idioma.t('procureAReserva', { reserva: reservaId });
  return comCalendario ? `${idioma.t('reservaCancelada.agenda')} ${procure}` : procure;
}

function foraDaAgenda({ versao = 1, canceladaEm, reservaId }: DadosReservaCancelada, idioma: Idioma) {
  return {
    situacao: 'CANCELADO',
    sequencia: versao,
    geradoEm: new Date(canceladaEm),
    descricao: idioma.t('reservaCancelada.naAgenda', { reserva: reservaId }),
    local: '',
    arquivo: idioma.t('reservaCancelada.arquivo', { reserva: reservaId }),
  } as const;
}
