import type { DadosLembreteReserva } from '../../../domain/modelo.ts';
import { curtaDeReserva } from '../../leiaute/curto.ts';
import { COR } from '../../leiaute/leiaute.ts';
import { assuntoDe, ondeEQuando, previaDe } from '../../leiaute/reserva.ts';
import type { Template } from '../../leiaute/template.ts';
import { umaLinha } from '../../leiaute/uma-linha.ts';

/** Says that a reservation starts soon. Not "tomorrow": who books late is reminded on the same day. */
export const lembreteReserva: Template<DadosLembreteReserva> = {
  assunto: (dados, idioma) => assuntoDe('lembreteReserva.assunto', dados, idioma),
  curta: (dados, idioma) => curtaDeReserva('lembreteReserva', dados, idioma),
  visao: (dados, idioma) => ({
    previa: previaDe(dados, idioma),
    selo: { texto: idioma.t('lembreteReserva.selo'), cor: COR.neutra },
    cabecalho: idioma.t('lembreteReserva.cabecalho'),
    introducao: idioma.t('lembreteReserva.introducao'),
    abertura: idioma.t('lembreteReserva.abertura'),
    linhas: [
      ...ondeEQuando(dados, idioma),
      { rotulo: idioma.t('rotulos.endereco'), valor: umaLinha(dados.espacoEndereco) },
      { rotulo: idioma.t('rotulos.reserva'), valor: dados.reservaId },
    ],
    fecho: idioma.t('lembreteReserva.fecho', { reserva: dados.reservaId }),
  }),
};
