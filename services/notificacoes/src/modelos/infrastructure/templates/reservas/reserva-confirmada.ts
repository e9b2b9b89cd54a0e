import type { DadosReservaConfirmada } from '../../../domain/modelo.ts';
import type { Idioma } from '../../idiomas/idioma.ts';
import { arquivoDeAgenda } from '../../leiaute/agenda.ts';
import { curtaDeReserva } from '../../leiaute/curto.ts';
import { COR, type Linha } from '../../leiaute/leiaute.ts';
import { assuntoDe, dinheiroOuNada, ondeEQuando, previaDe } from '../../leiaute/reserva.ts';
import type { Template } from '../../leiaute/template.ts';
import { umaLinha } from '../../leiaute/uma-linha.ts';

/** Says that a reservation is paid and certain, with the entry for the calendar. */
export const reservaConfirmada: Template<DadosReservaConfirmada> = {
  assunto: (dados, idioma) => assuntoDe('reservaConfirmada.assunto', dados, idioma),
  curta: (dados, idioma) => curtaDeReserva('reservaConfirmada', dados, idioma),
  visao: (dados, idioma) => ({
    previa: previaDe(dados, idioma),
    selo: {
      texto: idioma.t(gratuita(dados) ? 'reservaConfirmada.seloGratuita' : 'reservaConfirmada.selo'),
      cor: COR.boa,
    },
    cabecalho: idioma.t('reservaConfirmada.cabecalho'),
    introducao: idioma.t('reservaConfirmada.introducao'),
    abertura: idioma.t(gratuita(dados) ? 'reservaConfirmada.aberturaGratuita' : 'reservaConfirmada.abertura'),
    linhas: linhas(dados, idioma),
    fecho: idioma.t('reservaConfirmada.fecho', { reserva: dados.reservaId }),
  }),
  anexos: (dados, idioma, remetente) => [arquivoDeAgenda(dados, naAgenda(dados, idioma), idioma, remetente)],
};

const gratuita = ({ valorCentavos }: DadosReservaConfirmada) => valorCentavos === '0';

function linhas(dados: DadosReservaConfirmada, idioma: Idioma): Linha[] {
  return [
    ...ondeEQuando(dados, idioma),
    { rotulo: idioma.t('rotulos.endereco'), valor: umaLinha(dados.espacoEndereco) },
    {
      rotulo: idioma.t('rotulos.valorPago'),
      valor: dinheiroOuNada(dados.valorCentavos, dados.moeda, idioma),
    },
    { rotulo: idioma.t('rotulos.reserva'), valor: dados.reservaId },
    { rotulo: idioma.t('rotulos.pagamento'), valor: dados.pagamentoId },
  ].filter(({ valor }) => valor !== '');
}

function naAgenda(dados: DadosReservaConfirmada, idioma: Idioma) {
  return {
    situacao: 'CONFIRMADO',
    sequencia: dados.versao ?? 0,
    geradoEm: new Date(dados.confirmadaEm),
    descricao: linhas(dados, idioma)
      .map(({ rotulo, valor }) => `${rotulo}: ${valor}`)
      .join('\n'),
    local: umaLinha(dados.espacoEndereco),
    arquivo: idioma.t('reservaConfirmada.arquivo', { reserva: dados.reservaId }),
  } as const;
}
